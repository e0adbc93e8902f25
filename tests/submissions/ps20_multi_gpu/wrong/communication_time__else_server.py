"""Takes every other method for the server.

Fails: another method raises a ValueError
"""

import math


def communication_time(num_bytes, n, bandwidth, latency, method):
    if n == 1:
        return 0.0
    if method == "ring":
        return 2 * (n - 1) * (latency + num_bytes / n / bandwidth)
    if method == "tree":
        return 2 * math.ceil(math.log2(n)) * (latency + num_bytes / bandwidth)
    return 2 * (latency + n * num_bytes / bandwidth)
