"""Writes the slopes into the input.

Fails: leaves its input unchanged
"""

def relu_grad(x):
    x[x <= 0] = 0
    x[x > 0] = 1
    return x
