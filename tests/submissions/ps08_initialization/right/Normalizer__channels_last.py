"""The channel is brought to the end, where it broadcasts by itself."""


class Normalizer:
    def __init__(self, X_train):
        rows = X_train.movedim(1, -1).flatten(0, -2)
        self.mean = rows.mean(0)
        self.std = (rows - self.mean).pow(2).mean(0).sqrt()
        self.std[rows.amax(0) - rows.amin(0) == 0] = 1.0

    def __call__(self, X):
        return ((X.movedim(-3, -1) - self.mean) / self.std).movedim(-1, -3)

    def inverse(self, Z):
        return (Z.movedim(-3, -1) * self.std + self.mean).movedim(-1, -3)
