"""Returns relu, not its slope.

Fails: *
Says: relu itself is given back
"""

def relu_grad(x):
    return x * (x > 0)
