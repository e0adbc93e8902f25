"""Counts by ranges, row of tiles by row of tiles."""


def matmul_bytes(m, k, n, itemsize, tile):
    rows, columns = len(range(0, m, tile)), len(range(0, n, tile))
    read_A = columns * m * k
    read_B = rows * k * n
    return (read_A + read_B + m * n) * itemsize
