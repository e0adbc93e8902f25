"""Reads A and B once.

Fails: counts the bytes where tiles divide the sizes
Says: A and B are read once only
"""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = 1, 1
    return itemsize * (m * k * columns + k * n * rows + m * n)
