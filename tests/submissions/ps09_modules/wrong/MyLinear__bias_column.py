"""The bias has shape (1, units).

Fails: gives relu(X W + b), for any number of leading dimensions
Fails: they are called weight, (in_units, units), and bias, (units,)
"""


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_units, units))
        self.bias = nn.Parameter(torch.randn(1, units))

    def forward(self, X):
        return F.relu(X @ self.weight + self.bias)
