"""Normalises the caller's pictures.

Fails: leaves its inputs unchanged
"""


class Normalizer:
    def __init__(self, X_train):
        dims = (0, 2, 3)
        self.mean = X_train.mean(dim=dims)
        constant = X_train.amax(dim=dims) == X_train.amin(dim=dims)
        self.std = X_train.std(dim=dims, correction=0).masked_fill(constant, 1)

    def __call__(self, X):
        return X.sub_(self.mean[:, None, None]).div_(self.std[:, None, None])

    def inverse(self, Z):
        return Z * self.std[:, None, None] + self.mean[:, None, None]
