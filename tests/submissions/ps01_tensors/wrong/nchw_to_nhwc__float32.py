"""The dtype changes.

Fails: float64 and uint8 stay what they are
Fails: gradients flow through
"""

def nchw_to_nhwc(X):
    return X.float().permute(0, 2, 3, 1).contiguous()
