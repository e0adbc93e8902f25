"""transpose(1, 3) gives n, w, h, c.

Fails: every number lands at [n, i, j, c]
Fails: float64 and uint8 stay what they are
"""

def nchw_to_nhwc(X):
    return X.transpose(1, 3).contiguous()
