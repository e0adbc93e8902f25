"""Writes tanh into the input.

Fails: leaves its input unchanged
"""

def tanh_grad(x):
    return 1 - x.tanh_() ** 2
