"""Takes x for the sigmoid of x.

Fails: *
Says: x is taken for the sigmoid of x
"""

def sigmoid_grad(x):
    return x * (1 - x)
