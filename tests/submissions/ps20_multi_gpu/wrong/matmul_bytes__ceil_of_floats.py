"""Rounds with floats, at the end.

Fails: is an int, exact for large matrices too
"""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = math.ceil(float(m) / tile), math.ceil(float(n) / tile)
    return int(float(itemsize) * (m * k * columns + k * n * rows + m * n))
