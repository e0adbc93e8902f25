"""One device alone talks to the server.

Fails: one device alone takes no time
"""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if method not in ("ring", "tree", "server"):
        raise ValueError(method)
    steps = {"ring": 2 * (n - 1), "tree": 2 * math.ceil(math.log2(n)), "server": 2}[method]
    size = {"ring": num_bytes / n, "tree": num_bytes, "server": n * num_bytes}[method]
    return steps * (latency + size / bandwidth)
