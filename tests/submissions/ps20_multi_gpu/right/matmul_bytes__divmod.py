"""Rounds up by adding."""


def matmul_bytes(m, k, n, itemsize, tile):
    up = lambda size: (size + tile - 1) // tile
    return itemsize * m * k * up(n) + itemsize * k * n * up(m) + itemsize * m * n
