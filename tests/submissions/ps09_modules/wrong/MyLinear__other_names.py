"""Parameters called w and b.

Fails: they are called weight, (in_units, units), and bias, (units,)
"""


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.w = nn.Parameter(torch.randn(in_units, units))
        self.b = nn.Parameter(torch.randn(units))

    def forward(self, X):
        return F.relu(X @ self.w + self.b)
