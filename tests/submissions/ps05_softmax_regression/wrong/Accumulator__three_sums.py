"""Always has three sums.

Fails: adds up n numbers side by side
"""

class Accumulator:
    def __init__(self, n):
        self.data = [0.0] * 3

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def reset(self):
        self.data = [0.0] * len(self.data)

    def __getitem__(self, i):
        return self.data[i]
