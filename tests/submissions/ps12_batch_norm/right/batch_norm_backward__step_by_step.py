"""The chain rule in small steps, through the variance and then the mean, as in the paper."""

def batch_norm_backward(dY, X, gamma, eps):
    dims = (0,) if X.ndim == 2 else (0, 2, 3)
    m = X.numel() / X.shape[1]
    mu = X.mean(dims, keepdim=True)
    xmu = X - mu
    var = (xmu**2).mean(dims, keepdim=True)
    ivar = (var + eps) ** -0.5
    dxhat = dY * gamma
    dvar = (dxhat * xmu * -0.5 * (var + eps) ** -1.5).sum(dims, keepdim=True)
    dmu = (-dxhat * ivar).sum(dims, keepdim=True) + dvar * (-2 * xmu).mean(dims, keepdim=True)
    dx = dxhat * ivar + dvar * 2 * xmu / m + dmu / m
    dgamma = (dY * xmu * ivar).sum(dims)
    dbeta = dY.sum(dims)
    return dx, dgamma.reshape(gamma.shape), dbeta.reshape(gamma.shape)
