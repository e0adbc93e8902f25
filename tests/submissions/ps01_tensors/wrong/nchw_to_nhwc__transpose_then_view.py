"""transpose, flatten and a shape put up in another order. (003 §4.4)

Fails: every number lands at [n, i, j, c]
Fails: float64 and uint8 stay what they are
"""

def nchw_to_nhwc(X):
    n, c, h, w = X.shape
    return X.transpose(1, 3).reshape(n, c * h * w).reshape(n, h, w, c)
