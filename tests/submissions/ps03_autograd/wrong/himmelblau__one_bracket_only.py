"""Forgets the second bracket's square of x[1].

Fails: is the height at each point, for numbers and for grids
Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: takes a list of numbers, of tensors or of NumPy arrays
"""


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] - 7) ** 2
