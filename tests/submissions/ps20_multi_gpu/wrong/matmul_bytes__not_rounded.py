"""Does not round.

Fails: counts the tiles at the edges, which are smaller
Fails: works for tiles of 1, and for tiles larger than the matrix
Fails: is an int, exact for large matrices too
Says: the number of tiles is not rounded
"""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = m / tile, n / tile
    return itemsize * (m * k * columns + k * n * rows + m * n)
