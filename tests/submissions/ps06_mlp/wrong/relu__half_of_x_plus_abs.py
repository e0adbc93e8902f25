"""The gradient at 0 is a half.

Fails: the gradient at 0 is 0
Says: at 0 the slope that comes back is 0.5
"""

def relu(x):
    return (x + x.abs()) / 2
