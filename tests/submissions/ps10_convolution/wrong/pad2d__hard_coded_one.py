"""Always one row and one column.

Fails: an int puts as many zeros on each of the four sides
Says: one row and one column are added on each side, whatever the padding is
"""

def pad2d(X, padding):
    ph, pw = 1, 1
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., ph : ph + h, pw : pw + w] = X
    return Y
