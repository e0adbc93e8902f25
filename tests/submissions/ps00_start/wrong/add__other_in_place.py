"""Adds into the caller's Y, which autograd forbids for a leaf.

Fails: leaves its inputs unchanged
Fails: gradients reach both inputs
"""

def add(X, Y):
    return Y.add_(X)
