"""One sample after the other.

Fails: no loop over the batch
"""

def pad2d(X, padding):
    if X.dim() > 2:
        return torch.stack([pad2d(x, padding) for x in X])
    ph, pw = pair(padding)
    h, w = X.shape
    Y = X.new_zeros(h + 2 * ph, w + 2 * pw)
    Y[ph : ph + h, pw : pw + w] = X
    return Y
