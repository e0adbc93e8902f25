"""A function, not a module.

Fails: *
"""


class CenteredLayer:
    def __call__(self, X):
        return X - X.mean()

    def forward(self, X):
        return self(X)
