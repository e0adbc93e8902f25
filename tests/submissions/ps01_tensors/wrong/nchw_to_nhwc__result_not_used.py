"""contiguous() returns a new tensor, which is thrown away.

Fails: the result is contiguous
"""

def nchw_to_nhwc(X):
    out = X.permute(0, 2, 3, 1)
    out.contiguous()
    return out
