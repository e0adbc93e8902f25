"""A convolution in the mathematical sense: the kernel is flipped.

Fails: every entry is the sum of window times kernel, which is not flipped
Says: the kernel is flipped; here it is laid on as it is
"""

def corr2d(X, K):
    h, w = K.shape
    Y = X.new_zeros(X.shape[0] - h + 1, X.shape[1] - w + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K.flip(0, 1)).sum()
    return Y
