"""Counts the places where a window fits."""

def conv_output_size(n, k, padding=0, stride=1):
    counts = [len(range(0, N + p - K + 1, s)) for N, K, p, s in zip(pair(n), pair(k), pair(padding), pair(stride))]
    return counts[0] if isinstance(n, int) and isinstance(k, int) and isinstance(padding, int) and isinstance(stride, int) else tuple(counts)
