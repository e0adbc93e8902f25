"""Bounds x at -4 and 4: wrong values and no gradient beyond.

Fails: equals 1 / (1 + exp(-x))
Fails: stays finite for entries of any size, and so does its gradient
"""

def sigmoid(x):
    return 1 / (1 + torch.exp(-x.clamp(-4, 4)))
