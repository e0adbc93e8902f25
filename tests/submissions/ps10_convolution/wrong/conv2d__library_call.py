"""Leaves the work to F.conv2d.

Fails: *
"""

def conv2d(X, W, b, stride=1, padding=0):
    return F.conv2d(X, W, b, stride, padding)
