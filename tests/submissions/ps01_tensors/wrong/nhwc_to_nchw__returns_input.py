"""Does nothing.

Fails: every number lands at [n, c, i, j]
Fails: float64 and uint8 stay what they are
"""

def nhwc_to_nchw(X):
    return X
