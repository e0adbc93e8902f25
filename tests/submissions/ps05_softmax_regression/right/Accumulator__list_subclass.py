"""Is a list itself."""

class Accumulator(list):
    def __init__(self, n):
        super().__init__([0.0] * n)

    def add(self, *args):
        for i in range(len(self)):
            self[i] = self[i] + float(args[i])

    def reset(self):
        self[:] = [0.0 for _ in self]
