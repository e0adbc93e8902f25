"""Takes x for the tanh of x.

Fails: *
"""

def tanh_grad(x):
    return 1 - x**2
