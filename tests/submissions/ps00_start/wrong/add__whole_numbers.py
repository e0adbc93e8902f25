"""Casts to integers.

Fails: adds entry by entry
Fails: keeps the dtype of its inputs
Fails: gradients reach both inputs
Fails: leaves its inputs unchanged
"""

def add(X, Y):
    return (X + Y).long()
