"""The tile is squared.

Fails: counts the bytes where tiles divide the sizes
Says: the size of a tile is squared
"""


def matmul_bytes(m, k, n, itemsize, tile):
    tile = tile**2
    rows, columns = -(-m // tile), -(-n // tile)
    return itemsize * (m * k * columns + k * n * rows + m * n)
