"""By einsum and clamp, uniform weights."""


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(units))
        self.weight = nn.Parameter(torch.rand(in_units, units) - 0.5)

    def forward(self, X):
        return (torch.einsum("...i,iu->...u", X, self.weight) + self.bias).clamp(min=0)
