"""Pays the latency of the server once for each worker.

Fails: server: the bytes of all devices through one link, twice
"""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if method not in ("ring", "tree", "server"):
        raise ValueError(method)
    if n == 1:
        return 0.0
    steps = {"ring": 2 * (n - 1), "tree": 2 * math.ceil(math.log2(n)), "server": 2 * n}[method]
    size = num_bytes / n if method == "ring" else num_bytes
    return steps * (latency + size / bandwidth)
