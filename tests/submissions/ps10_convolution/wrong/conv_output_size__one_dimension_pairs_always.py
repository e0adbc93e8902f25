"""Returns a pair for ints too.

Fails: n - k + 1 without padding and stride
Fails: padding is the total of both sides
Fails: with a stride, the rest that fills no window is dropped
Fails: padding and stride together
"""

def conv_output_size(n, k, padding=0, stride=1):
    return tuple((n - k + p + s) // s for n, k, p, s in zip(pair(n), pair(k), pair(padding), pair(stride)))
