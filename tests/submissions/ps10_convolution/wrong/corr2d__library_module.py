"""Leaves the work to nn.Conv2d, with the kernel copied in.

Fails: *
"""

def corr2d(X, K):
    layer = nn.Conv2d(1, 1, tuple(K.shape), bias=False).to(X)
    layer.weight.data = K[None, None]
    return layer(X[None, None])[0, 0]
