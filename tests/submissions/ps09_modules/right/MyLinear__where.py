"""The ReLU by torch.where, out of place."""


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.weight = nn.Parameter(0.01 * torch.randn(in_units, units))
        self.bias = nn.Parameter(torch.randn(units) * 0.01)

    def forward(self, X):
        Y = torch.tensordot(X, self.weight, dims=1) + self.bias
        return torch.where(Y > 0, Y, torch.zeros_like(Y))
