"""A frame of ones.

Fails: an int puts as many zeros on each of the four sides
Says: the frame is made of ones
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_ones(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., ph : ph + h, pw : pw + w] = X
    return Y
