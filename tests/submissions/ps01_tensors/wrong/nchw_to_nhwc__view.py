"""The same with view. (003 §4.4)

Fails: every number lands at [n, i, j, c]
Fails: float64 and uint8 stay what they are
"""

def nchw_to_nhwc(X):
    n, c, h, w = X.shape
    return X.contiguous().view(n, h, w, c)
