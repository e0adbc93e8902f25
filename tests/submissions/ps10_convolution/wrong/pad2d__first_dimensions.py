"""Pads the first two dimensions.

Fails: *
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[:2]
    Y = X.new_zeros(h + 2 * ph, w + 2 * pw, *X.shape[2:])
    Y[ph : ph + h, pw : pw + w] = X
    return Y
