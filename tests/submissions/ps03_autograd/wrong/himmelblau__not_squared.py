"""Brackets without squares.

Fails: is the height at each point, for numbers and for grids
Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: takes a list of numbers, of tensors or of NumPy arrays
Says: the two brackets are not squared
"""


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) + (x[0] + x[1] ** 2 - 7)
