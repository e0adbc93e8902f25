"""Keeps the last numbers and adds nothing.

Fails: adds up n numbers side by side
Fails: holds plain numbers, also when it is given tensors
"""

class Accumulator:
    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [float(b) for b in args]

    def reset(self):
        self.data = [0.0] * len(self.data)

    def __getitem__(self, i):
        return self.data[i]
