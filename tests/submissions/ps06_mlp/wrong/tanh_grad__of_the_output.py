"""Takes x for the tanh of x.

Fails: *
Says: x is taken for tanh(x)
"""

def tanh_grad(x):
    return 1 - x**2
