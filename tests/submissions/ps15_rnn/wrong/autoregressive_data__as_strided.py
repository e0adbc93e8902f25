"""Takes the series as it lies in memory.

Fails: keeps the dtype, and takes numbers in any memory order
"""


def autoregressive_data(x, tau):
    n = len(x) - tau
    return x.as_strided((n, tau), (1, 1)), x[tau:, None]
