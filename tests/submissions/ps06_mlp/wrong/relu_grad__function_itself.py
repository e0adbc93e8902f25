"""Returns relu, not its slope.

Fails: *
"""

def relu_grad(x):
    return x * (x > 0)
