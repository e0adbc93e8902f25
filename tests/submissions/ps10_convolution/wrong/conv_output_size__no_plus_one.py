"""Forgets the first window.

Fails: *
Says: the first window is not counted
"""

def conv_output_size(n, k, padding=0, stride=1):
    def size(n, k, p, s):
        return (n - k + p) // s

    if all(isinstance(value, int) for value in (n, k, padding, stride)):
        return size(n, k, padding, stride)
    (a, b), (c, d), (e, f), (g, h) = pair(n), pair(k), pair(padding), pair(stride)
    return size(a, c, e, g), size(b, d, f, h)
