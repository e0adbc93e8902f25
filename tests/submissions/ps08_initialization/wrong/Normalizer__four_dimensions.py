"""Statistics of shape (1, c, 1, 1): a single picture comes back with four dimensions.

Fails: mean and std are those of each channel, of shape (c,)
Fails: takes a single picture, and any number of pictures
Fails: a small spread is a spread: it is not rounded to 1, and nothing is added to it
Fails: keeps its own statistics: no call and no other object changes them
Says: they keep the shape (1, c, 1, 1)
"""


class Normalizer:
    def __init__(self, X_train):
        dims = (0, 2, 3)
        self.mean = X_train.mean(dim=dims, keepdim=True)
        constant = X_train.amax(dim=dims, keepdim=True) == X_train.amin(dim=dims, keepdim=True)
        self.std = X_train.std(dim=dims, correction=0, keepdim=True).masked_fill(constant, 1)

    def __call__(self, X):
        return (X - self.mean) / self.std

    def inverse(self, Z):
        return Z * self.std + self.mean
