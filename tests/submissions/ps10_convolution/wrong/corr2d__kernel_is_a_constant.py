"""The kernel is copied into a new tensor, so that no gradient reaches it.

Fails: gradients flow back to X and K
"""

def corr2d(X, K):
    h, w = K.shape
    K = torch.tensor(K.tolist(), dtype=K.dtype, device=K.device)
    Y = X.new_zeros(X.shape[0] - h + 1, X.shape[1] - w + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y
