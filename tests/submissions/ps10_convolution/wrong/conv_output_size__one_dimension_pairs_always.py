"""Returns a pair for ints too.

Fails: n - k + 1 without padding and stride
"""

def conv_output_size(n, k, padding=0, stride=1):
    return tuple((n - k + p + s) // s for n, k, p, s in zip(pair(n), pair(k), pair(padding), pair(stride)))
