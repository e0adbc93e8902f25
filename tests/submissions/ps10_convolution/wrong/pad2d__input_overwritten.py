"""Clears the input once it is copied.

Fails: gradients flow back to X
Fails: X is left as it was
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., ph : ph + h, pw : pw + w] = X
    X.zero_()
    return Y
