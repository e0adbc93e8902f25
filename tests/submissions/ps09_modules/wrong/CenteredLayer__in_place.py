"""Subtracts from the caller's tensor.

Fails: leaves its inputs unchanged
Says: X was changed by the call
"""


class CenteredLayer(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, X):
        X -= X.mean()
        return X
