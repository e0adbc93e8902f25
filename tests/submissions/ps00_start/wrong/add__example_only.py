"""Knows the numbers of the example.

Fails: *
"""

def add(X, Y):
    return torch.tensor([[11.0, 32.0], [23.0, 54.0]])
