"""The natural logarithm.

Fails: tree: up and down, with all bytes in each step
Fails: tree: numbers of devices between powers of two are rounded up
"""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if method not in ("ring", "tree", "server"):
        raise ValueError(method)
    if n == 1:
        return 0.0
    steps = {"ring": 2 * (n - 1), "tree": 2 * math.ceil(math.log(n)), "server": 2}[method]
    size = {"ring": num_bytes / n, "tree": num_bytes, "server": n * num_bytes}[method]
    return steps * (latency + size / bandwidth)
