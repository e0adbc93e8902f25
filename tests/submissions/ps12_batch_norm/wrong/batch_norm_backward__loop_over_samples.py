"""Adds up the samples one by one.

Fails: works on the whole batch at once
"""

def batch_norm_backward(dY, X, gamma, eps):
    dims = [i for i in range(X.ndim) if i != 1]
    mean = X.mean(dims, keepdim=True)
    std = torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps)
    X_hat = (X - mean) / std
    g = gamma * dY
    dX = (g - g.mean(dims, keepdim=True) - X_hat * (g * X_hat).mean(dims, keepdim=True)) / std
    dgamma = (dY * X_hat).sum(dims).reshape(gamma.shape)
    dbeta = sum(dy for dy in dY).reshape(gamma.shape[-1:] if dY.ndim == 2 else dY.shape[1:]).reshape(len(gamma.flatten()), -1).sum(1).reshape(gamma.shape)
    return dX, dgamma, dbeta
