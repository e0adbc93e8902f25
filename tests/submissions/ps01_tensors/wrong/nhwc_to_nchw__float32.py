"""The dtype changes.

Fails: float64 and uint8 stay what they are
Fails: gradients flow through
"""

def nhwc_to_nchw(X):
    return X.permute(0, 3, 1, 2).contiguous().to(torch.float32)
