"""Images are treated like features: sums over dim 0 only.

Fails: dbeta is the sum of dY
Fails: dgamma is the sum of dY · X̂
Fails: dX, the direct term: gamma · dY / root, where dY moves neither mean nor variance
Fails: dX, the term of the mean: a constant dY gives zero
Fails: dX, the term of the variance: for dY along X̂
Fails: dX for any dY, for (n, d) and (n, c, h, w)
Fails: works on the whole batch at once
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its arguments unchanged
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
