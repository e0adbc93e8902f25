"""The gradient at 0 is a half.

Fails: the gradient at 0 is 0
"""

def relu(x):
    return (x + x.abs()) / 2
