"""The way through the variance is left out.

Fails: dX, the term of the variance: for dY along X̂
"""

def batch_norm_backward(dY, X, gamma, eps):
    dims = [i for i in range(X.ndim) if i != 1]
    mean = X.mean(dims, keepdim=True)
    std = torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps)
    X_hat = (X - mean) / std
    g = gamma * dY
    dX = (g - g.mean(dims, keepdim=True)) / std
    dgamma = (dY * X_hat).sum(dims).reshape(gamma.shape)
    dbeta = dY.sum(dims).reshape(gamma.shape)
    return dX, dgamma, dbeta
