"""Leaves the work to F.max_pool2d and F.avg_pool2d.

Fails: *
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    f = F.max_pool2d if mode == "max" else F.avg_pool2d
    return f(X, size, stride, padding)
