"""Computes in float64 and converts back."""

def corr2d(X, K):
    h, w = K.shape
    Y = torch.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1), dtype=torch.float64, device=X.device)
    A, B = X.double(), K.double()
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (A[i : i + h, j : j + w] * B).sum()
    return Y.to(X.dtype)
