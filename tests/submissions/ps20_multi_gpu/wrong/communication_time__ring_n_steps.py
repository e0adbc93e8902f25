"""n steps a round instead of n - 1.

Fails: ring: 2 (n − 1) steps with 1/n of the bytes
"""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if method not in ("ring", "tree", "server"):
        raise ValueError(method)
    if n == 1:
        return 0.0
    steps = {"ring": 2 * n, "tree": 2 * math.ceil(math.log2(n)), "server": 2}[method]
    size = {"ring": num_bytes / n, "tree": num_bytes, "server": n * num_bytes}[method]
    return steps * (latency + size / bandwidth)
