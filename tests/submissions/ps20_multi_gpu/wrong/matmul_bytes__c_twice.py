"""C is read and written.

Fails: counts the bytes where tiles divide the sizes
Says: C is read and written
"""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = -(-m // tile), -(-n // tile)
    return itemsize * (m * k * columns + k * n * rows + 2 * m * n)
