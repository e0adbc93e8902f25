"""The same with view. (003 §4.4)

Fails: every number lands at [n, c, i, j]
Fails: float64 and uint8 stay what they are
"""

def nhwc_to_nchw(X):
    n, h, w, c = X.shape
    return X.contiguous().view(n, c, h, w)
