"""Multiplies the caller's dY by gamma in place.

Fails: leaves its arguments unchanged
"""

def batch_norm_backward(dY, X, gamma, eps):
    dbeta, upstream = None, dY.clone()
    dims = [i for i in range(X.ndim) if i != 1]
    mean = X.mean(dims, keepdim=True)
    std = torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps)
    X_hat = (X - mean) / std
    g = dY.mul_(gamma)
    dX = (g - g.mean(dims, keepdim=True) - X_hat * (g * X_hat).mean(dims, keepdim=True)) / std
    dgamma = (upstream * X_hat).sum(dims).reshape(gamma.shape)
    dbeta = upstream.sum(dims).reshape(gamma.shape)
    return dX, dgamma, dbeta
