"""The logarithm is rounded down.

Fails: tree: numbers of devices between powers of two are rounded up
"""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if method not in ("ring", "tree", "server"):
        raise ValueError(method)
    if n == 1:
        return 0.0
    steps = {"ring": 2 * (n - 1), "tree": 2 * int(math.log2(n)), "server": 2}[method]
    size = {"ring": num_bytes / n, "tree": num_bytes, "server": n * num_bytes}[method]
    return steps * (latency + size / bandwidth)
