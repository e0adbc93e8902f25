"""Forgets the columns.

Fails: an int puts as many zeros on each of the four sides
Says: only rows are added
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w)
    Y[..., ph : ph + h, :] = X
    return Y
