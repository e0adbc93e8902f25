"""1e-6 is added where it is divided, and not where it is multiplied.

Fails: a small spread is a spread: it is not rounded to 1, and nothing is added to it
Fails: keeps the dtype, and takes numbers in any memory order
"""


class Normalizer:
    def __init__(self, X_train):
        dims = (0, 2, 3)
        self.mean = X_train.mean(dim=dims)
        constant = X_train.amax(dim=dims) == X_train.amin(dim=dims)
        self.std = X_train.std(dim=dims, correction=0).masked_fill(constant, 1)

    def __call__(self, X):
        return (X - self.mean[:, None, None]) / (self.std[:, None, None] + 1e-6)

    def inverse(self, Z):
        return Z * self.std[:, None, None] + self.mean[:, None, None]
