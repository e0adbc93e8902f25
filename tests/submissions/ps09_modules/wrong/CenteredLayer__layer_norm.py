"""F.layer_norm: divides by the deviation as well.

Fails: takes the mean of all entries away
Says: X is standardised
"""


class CenteredLayer(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, X):
        return F.layer_norm(X, X.shape)
