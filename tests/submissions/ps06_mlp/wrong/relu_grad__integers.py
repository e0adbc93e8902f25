"""Whole numbers.

Fails: keeps the dtype, and takes entries in any memory order
"""

def relu_grad(x):
    return (x > 0).long()
