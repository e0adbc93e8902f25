"""Forgets the columns.

Fails: *
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w)
    Y[..., ph : ph + h, :] = X
    return Y
