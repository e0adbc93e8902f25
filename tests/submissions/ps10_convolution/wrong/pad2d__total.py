"""Takes the padding as the total of both sides.

Fails: an int puts as many zeros on each of the four sides
Says: the padding is the total of both sides; here each side gets it
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + ph, w + pw)
    Y[..., ph // 2 : ph // 2 + h, pw // 2 : pw // 2 + w] = X
    return Y
