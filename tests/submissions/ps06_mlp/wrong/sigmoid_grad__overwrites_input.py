"""Writes the sigmoid into the input.

Fails: leaves its input unchanged
"""

def sigmoid_grad(x):
    s = x.sigmoid_()
    return s * (1 - s)
