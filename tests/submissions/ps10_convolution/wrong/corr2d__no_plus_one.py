"""The last row and the last column are missing.

Fails: every entry is the sum of window times kernel, which is not flipped
Says: the last row and the last column of windows are missing
"""

def corr2d(X, K):
    h, w = K.shape
    Y = X.new_zeros(X.shape[0] - h, X.shape[1] - w)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y
