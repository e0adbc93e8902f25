"""Mean and variance over all dimensions.

Fails: dbeta is the sum of dY
Fails: dgamma is the sum of dY · X̂
Fails: dX, the direct term: gamma · dY / root, where dY moves neither mean nor variance
"""

def batch_norm_backward(dY, X, gamma, eps):
    dims = list(range(X.ndim))
    mean = X.mean(dims, keepdim=True)
    std = torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps)
    X_hat = (X - mean) / std
    g = gamma * dY
    dX = (g - g.mean(dims, keepdim=True) - X_hat * (g * X_hat).mean(dims, keepdim=True)) / std
    dgamma = (dY * X_hat).sum(0)
    dbeta = dY.sum(0)
    return dX, dgamma, dbeta
