"""Images are treated like features: sums over dim 0 only.

Fails: dbeta is the sum of dY
"""

def batch_norm_backward(dY, X, gamma, eps):
    dims = [0]
    mean = X.mean(dims, keepdim=True)
    std = torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps)
    X_hat = (X - mean) / std
    g = gamma * dY
    dX = (g - g.mean(dims, keepdim=True) - X_hat * (g * X_hat).mean(dims, keepdim=True)) / std
    dgamma = (dY * X_hat).sum(dims).reshape(gamma.shape)
    dbeta = dY.sum(dims).reshape(gamma.shape)
    return dX, dgamma, dbeta
