"""Adds up the points of a grid.

Fails: is the height at each point, for numbers and for grids
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: takes a list of numbers, of tensors or of NumPy arrays
Fails: gradients are right
May fail: gradients are right
May fail: keeps the dtype, and takes numbers in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
"""


def himmelblau(x):
    height = (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2
    return height.sum() if hasattr(height, "sum") else height
