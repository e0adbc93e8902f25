"""Changes the memory format and leaves the shape.

Fails: every number lands at [n, i, j, c]
Fails: the result is contiguous
Fails: float64 and uint8 stay what they are
"""

def nchw_to_nhwc(X):
    return X.contiguous(memory_format=torch.channels_last)
