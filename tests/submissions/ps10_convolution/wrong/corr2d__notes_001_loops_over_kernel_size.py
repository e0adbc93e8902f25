"""Loops over the kernel's size where the output's belongs, as in the notes. (001)

Fails: every entry is the sum of window times kernel, which is not flipped
Fails: the output has shape (h - kh + 1, w - kw + 1)
Fails: the result has the dtype of X
Says: the loops run over the size of the kernel, not over that of the output
"""

def corr2d(X, K):
    h, w = K.shape
    Y = torch.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(h):
        for j in range(w):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y
