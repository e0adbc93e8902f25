"""An object that can be walked over, with __iter__."""

import random


class _Deck:
    def __init__(self, size, X, y):
        self.size, self.X, self.y = size, X, y

    def __iter__(self):
        left = set(range(len(self.X)))
        while left:
            rows = random.sample(sorted(left), min(self.size, len(left)))
            left -= set(rows)
            yield [self.X[rows], self.y[rows]]


def data_iter(batch_size, features, labels):
    return _Deck(batch_size, features, labels)
