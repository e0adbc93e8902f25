"""Takes x for the sigmoid of x.

Fails: *
"""

def sigmoid_grad(x):
    return x * (1 - x)
