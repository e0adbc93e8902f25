"""The median in the place of the mean.

Fails: takes the mean of all entries away
"""


class CenteredLayer(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, X):
        return X - X.median()
