"""The pair is the wrong way round.

Fails: pairs give a pair, height first; ints count for both dimensions
Says: the width stands before the height
"""

def conv_output_size(n, k, padding=0, stride=1):
    def size(n, k, p, s):
        return (n - k + p + s) // s

    if all(isinstance(value, int) for value in (n, k, padding, stride)):
        return size(n, k, padding, stride)
    (a, b), (c, d), (e, f), (g, h) = pair(n), pair(k), pair(padding), pair(stride)
    return size(b, d, f, h), size(a, c, e, g)
