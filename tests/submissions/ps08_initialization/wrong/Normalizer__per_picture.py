"""Each picture of the call by its own mean and deviation.

Fails: *
May fail: inverse leaves its input unchanged
"""


class Normalizer:
    def __init__(self, X_train):
        self.mean, self.std = X_train.mean(dim=(2, 3)), X_train.std(dim=(2, 3), correction=0)

    def __call__(self, X):
        mean, std = X.mean(dim=(-2, -1), keepdim=True), X.std(dim=(-2, -1), correction=0, keepdim=True)
        return (X - mean) / std

    def inverse(self, Z):
        return Z * self.std[:, None, None] + self.mean[:, None, None]
