"""Each call moves the statistics towards the pictures of the call.

Fails: keeps its own statistics: no call and no other object changes them
"""


class Normalizer:
    def __init__(self, X_train):
        dims = (0, 2, 3)
        self.mean = X_train.mean(dim=dims)
        constant = X_train.amax(dim=dims) == X_train.amin(dim=dims)
        self.std = X_train.std(dim=dims, correction=0).masked_fill(constant, 1)

    def __call__(self, X):
        Z = (X - self.mean[:, None, None]) / self.std[:, None, None]
        if X.ndim == 4 and X.numel():
            self.mean = 0.9 * self.mean + 0.1 * X.mean(dim=(0, 2, 3))
        return Z

    def inverse(self, Z):
        return Z * self.std[:, None, None] + self.mean[:, None, None]
