"""The window goes to j + h, as in the notes: right for square kernels only. (000 §2.2.2)

Fails: every entry is the sum of window times kernel, which is not flipped
Fails: the output has shape (h - kh + 1, w - kw + 1)
Says: the window goes to j + h; it is as wide as the kernel, so it goes to j + w
"""

def corr2d(X, K):
    h, w = K.shape
    Y = X.new_zeros(X.shape[0] - h + 1, X.shape[1] - w + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + h] * K).sum()
    return Y
