"""Knows images without channels only.

Fails: an int puts as many zeros on each of the four sides
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape
    Y = X.new_zeros(h + 2 * ph, w + 2 * pw)
    Y[ph : ph + h, pw : pw + w] = X
    return Y
