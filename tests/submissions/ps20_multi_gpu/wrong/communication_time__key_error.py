"""An unknown method raises a KeyError.

Fails: another method raises a ValueError
"""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if n == 1:
        return 0.0
    steps = {"ring": 2 * (n - 1), "tree": 2 * math.ceil(math.log2(n)), "server": 2}[method]
    size = {"ring": num_bytes / n, "tree": num_bytes, "server": n * num_bytes}[method]
    return steps * (latency + size / bandwidth)
