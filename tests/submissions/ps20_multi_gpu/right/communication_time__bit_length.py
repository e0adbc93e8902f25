"""Levels of the tree from the bits of n - 1; the result is a tensor."""


def communication_time(num_bytes, n, bandwidth, latency, method):
    table = {
        "ring": (2 * (n - 1), num_bytes / n),
        "tree": (2 * (n - 1).bit_length(), num_bytes),
        "server": (2 * (n > 1), num_bytes * n),
    }
    if method not in table:
        raise ValueError(f"no such method: {method}")
    steps, size = table[method]
    return torch.tensor(steps * (latency + size / bandwidth), dtype=torch.float64)
