"""Writes the zeros into the input.

Fails: gradients are right
Fails: the gradient at 0 is 0
Fails: leaves its input unchanged
"""

def relu(x):
    x[x < 0] = 0
    return x
