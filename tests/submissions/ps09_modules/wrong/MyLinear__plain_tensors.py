"""Tensors that are no Parameters.

Fails: its weight and its bias are Parameters, and trained
Fails: they are called weight, (in_units, units), and bias, (units,)
Says: has no parameter of shape
"""


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.weight = torch.randn(in_units, units, requires_grad=True)
        self.bias = torch.randn(units, requires_grad=True)

    def forward(self, X):
        return F.relu(X @ self.weight + self.bias)
