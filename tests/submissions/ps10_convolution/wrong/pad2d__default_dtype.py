"""torch.zeros without a dtype.

Fails: the result has the dtype of X
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = torch.zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., ph : ph + h, pw : pw + w] = X
    return Y
