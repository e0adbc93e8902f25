"""Counts numbers.

Fails: counts the bytes where tiles divide the sizes
Says: numbers are counted
"""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = -(-m // tile), -(-n // tile)
    return m * k * columns + k * n * rows + m * n
