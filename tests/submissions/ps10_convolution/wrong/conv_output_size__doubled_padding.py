"""Counts the padding twice, as if it were per side.

Fails: padding is the total of both sides
Says: the padding is counted twice; it is the total of both sides already
"""

def conv_output_size(n, k, padding=0, stride=1):
    def size(n, k, p, s):
        return (n - k + 2 * p + s) // s

    if all(isinstance(value, int) for value in (n, k, padding, stride)):
        return size(n, k, padding, stride)
    (a, b), (c, d), (e, f), (g, h) = pair(n), pair(k), pair(padding), pair(stride)
    return size(a, c, e, g), size(b, d, f, h)
