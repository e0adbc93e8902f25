"""Writes into a float32 tensor.

Fails: the result has the dtype of X
"""

def corr2d_multi_in_out(X, K):
    Y = torch.zeros(K.shape[0], X.shape[1] - K.shape[2] + 1, X.shape[2] - K.shape[3] + 1)
    for o in range(K.shape[0]):
        Y[o] = corr2d_multi_in(X, K[o])
    return Y
