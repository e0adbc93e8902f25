"""The list stands in the class body: all accumulators share it.

Fails: adds up n numbers side by side
Fails: holds plain numbers, also when it is given tensors
Fails: each Accumulator has sums of its own
"""

class Accumulator:
    data = [0.0] * 8

    def __init__(self, n):
        self.n = n

    def add(self, *args):
        for i, b in enumerate(args):
            self.data[i] += float(b)

    def reset(self):
        for i in range(self.n):
            self.data[i] = 0.0

    def __getitem__(self, i):
        return self.data[i]
