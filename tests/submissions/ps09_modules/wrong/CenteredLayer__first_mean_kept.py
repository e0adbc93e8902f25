"""The mean of the first batch is kept for all others.

Fails: gives the same when it is called again, and shares nothing with a second object
"""


class CenteredLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = None

    def forward(self, X):
        if self.mean is None:
            self.mean = X.mean()
        return X - self.mean
