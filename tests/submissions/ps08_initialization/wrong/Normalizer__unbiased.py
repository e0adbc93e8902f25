"""n - 1.

Fails: mean and std are those of each channel, of shape (c,)
Fails: normalises new pictures, of any size, with the statistics of the training pictures
Fails: inverse leads back
Fails: takes a single picture, and any number of pictures
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: inverse leaves its input unchanged
Fails: keeps its own statistics: no call and no other object changes them
Fails: a small spread is a spread: it is not rounded to 1, and nothing is added to it
Says: divides by n - 1
"""


class Normalizer:
    def __init__(self, X_train):
        dims = (0, 2, 3)
        self.mean = X_train.mean(dim=dims)
        constant = X_train.amax(dim=dims) == X_train.amin(dim=dims)
        self.std = X_train.std(dim=dims).masked_fill(constant, 1)

    def __call__(self, X):
        return (X - self.mean[:, None, None]) / self.std[:, None, None]

    def inverse(self, Z):
        return Z * self.std[:, None, None] + self.mean[:, None, None]
