"""The tangent at 0, cut off at 0 and 1.

Fails: *
Says: the tangent at 0 is taken
"""

def sigmoid(x):
    return (0.5 + x / 4).clamp(0, 1)
