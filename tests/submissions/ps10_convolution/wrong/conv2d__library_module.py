"""Leaves the work to nn.Conv2d.

Fails: *
"""

def conv2d(X, W, b, stride=1, padding=0):
    layer = nn.Conv2d(W.shape[1], W.shape[0], W.shape[2:], stride=stride, padding=padding)
    layer.weight, layer.bias = nn.Parameter(W), nn.Parameter(b)
    return layer(X)
