"""NumPy scalars; for one device the ring and the tree give 0 by their formulas."""

import numpy as np


def communication_time(num_bytes, n, bandwidth, latency, method):
    if method == "ring":
        return 2 * (n - 1) * (latency + num_bytes / n / bandwidth)
    elif method == "tree":
        return 2 * np.ceil(np.log2(n)) * (latency + num_bytes / bandwidth)
    elif method == "server":
        if n == 1:
            return 0
        return 2 * (latency + n * num_bytes / bandwidth)
    raise ValueError("I do not know " + method)
