"""Returns dbeta before dgamma.

Fails: dbeta is the sum of dY
"""

def batch_norm_backward(dY, X, gamma, eps):
    dims = [i for i in range(X.ndim) if i != 1]
    mean = X.mean(dims, keepdim=True)
    std = torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps)
    X_hat = (X - mean) / std
    g = gamma * dY
    dX = (g - g.mean(dims, keepdim=True) - X_hat * (g * X_hat).mean(dims, keepdim=True)) / std
    dgamma = (dY * X_hat).sum(dims).reshape(gamma.shape)
    dbeta = dY.sum(dims).reshape(gamma.shape)
    return dX, dbeta, dgamma
