"""Divides the size before the kernel is taken off.

Fails: with a stride, the rest that fills no window is dropped
Says: the size is divided by the stride before the kernel is taken off
"""

def conv_output_size(n, k, padding=0, stride=1):
    def size(n, k, p, s):
        return n // s - k + p + 1

    if all(isinstance(value, int) for value in (n, k, padding, stride)):
        return size(n, k, padding, stride)
    (a, b), (c, d), (e, f), (g, h) = pair(n), pair(k), pair(padding), pair(stride)
    return size(a, c, e, g), size(b, d, f, h)
