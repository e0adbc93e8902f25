"""Written for kernels of 2x2 only.

Fails: every entry is the sum of window times kernel, which is not flipped
"""

def corr2d(X, K):
    Y = X.new_zeros(X.shape[0] - 1, X.shape[1] - 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + 2, j : j + 2] * K).sum()
    return Y
