"""The mean is detached.

Fails: gradients are right, through the mean as well
"""


class CenteredLayer(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, X):
        return X - X.mean().detach()
