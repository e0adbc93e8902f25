"""A float.

Fails: is an int, exact for large matrices too
"""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = -(-m // tile), -(-n // tile)
    return float(itemsize) * (m * k * columns + k * n * rows + m * n)
