"""One if a method."""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if n == 1:
        return 0.0
    if method == "ring":
        return 2 * (n - 1) * (latency + num_bytes / n / bandwidth)
    elif method == "tree":
        return 2 * math.ceil(math.log2(n)) * (latency + num_bytes / bandwidth)
    elif method == "server":
        return 2 * latency + 2 * n * num_bytes / bandwidth
    else:
        raise ValueError("method should be ring, tree or server")
