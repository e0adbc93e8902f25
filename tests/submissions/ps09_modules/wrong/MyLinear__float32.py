"""The input is cast to float32.

Fails: gradients are right, for inputs and weights
Fails: keeps the dtype, and takes numbers in any memory order
"""


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_units, units))
        self.bias = nn.Parameter(torch.randn(units))

    def forward(self, X):
        return F.relu(X.float() @ self.weight.float() + self.bias.float())
