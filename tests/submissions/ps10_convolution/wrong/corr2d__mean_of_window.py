"""Averages over the window where it should sum.

Fails: every entry is the sum of window times kernel, which is not flipped
Says: the mean of the window is taken where its sum belongs
"""

def corr2d(X, K):
    h, w = K.shape
    Y = X.new_zeros(X.shape[0] - h + 1, X.shape[1] - w + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).mean()
    return Y
