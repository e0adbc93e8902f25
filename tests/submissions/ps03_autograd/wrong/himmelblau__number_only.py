"""A Python number: no grids, no graph.

Fails: is the height at each point, for numbers and for grids
Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: takes a list of numbers, of tensors or of NumPy arrays
"""


def himmelblau(x):
    a, b = float(x[0]), float(x[1])
    return (a ** 2 + b - 11) ** 2 + (a + b ** 2 - 7) ** 2
