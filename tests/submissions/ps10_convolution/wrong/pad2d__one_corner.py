"""All the padding at the bottom and on the right.

Fails: an int puts as many zeros on each of the four sides
Says: all of it goes below and to the right
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., :h, :w] = X
    return Y
