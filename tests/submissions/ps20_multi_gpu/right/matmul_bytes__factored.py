"""With the common factor k."""


def matmul_bytes(m, k, n, itemsize, tile):
    tiles = lambda size: size // tile + (size % tile > 0)
    return itemsize * (k * (m * tiles(n) + n * tiles(m)) + m * n)
