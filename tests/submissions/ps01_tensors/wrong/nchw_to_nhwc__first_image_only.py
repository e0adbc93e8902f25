"""The batch is lost.

Fails: every number lands at [n, i, j, c]
Fails: float64 and uint8 stay what they are
"""

def nchw_to_nhwc(X):
    return X[0].permute(1, 2, 0).contiguous()
