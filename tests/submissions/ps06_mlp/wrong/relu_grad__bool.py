"""True and False in place of numbers.

Fails: keeps the dtype, and takes entries in any memory order
"""

def relu_grad(x):
    return x > 0
