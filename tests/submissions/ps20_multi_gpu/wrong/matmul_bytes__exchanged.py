"""A and B are exchanged.

Fails: counts the bytes where tiles divide the sizes
Says: it is the other way round
"""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = -(-m // tile), -(-n // tile)
    return itemsize * (m * k * rows + k * n * columns + m * n)
