"""nn.Linear inside.

Fails: they are called weight, (in_units, units), and bias, (units,)
Fails: gives relu(X W + b), for any number of leading dimensions
Fails: gradients are right, for inputs and weights
Says: this exercise asks you to write it yourself
"""


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.linear = nn.Linear(in_units, units)

    def forward(self, X):
        return F.relu(self.linear(X))
