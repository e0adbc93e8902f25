"""The output is also written over the upper left corner of X.

Fails: gradients flow back to X and K
Fails: X and K are left as they were
"""

def corr2d(X, K):
    h, w = K.shape
    P = X.unfold(0, h, 1).unfold(1, w, 1)
    Y = (P * K).sum(dim=(2, 3))
    X.data[: Y.shape[0], : Y.shape[1]] = Y.data
    return Y
