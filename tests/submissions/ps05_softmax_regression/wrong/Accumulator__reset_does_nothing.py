"""reset forgets to set the sums to zero.

Fails: starts again from zero after reset
"""

class Accumulator:
    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def reset(self):
        pass

    def __getitem__(self, i):
        return self.data[i]
