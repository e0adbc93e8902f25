"""The graph is cut.

Fails: gradients flow through
"""

def nchw_to_nhwc(X):
    return X.detach().permute(0, 2, 3, 1).contiguous()
