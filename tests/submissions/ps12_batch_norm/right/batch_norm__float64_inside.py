"""Computes in float64 and goes back to the dtype of X."""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    Z = X.double()
    if training:
        dims = (0,) if X.ndim == 2 else (0, 2, 3)
        mean = Z.mean(dims).reshape(moving_mean.shape)
        var = Z.var(dims, unbiased=False).reshape(moving_var.shape)
        moving_mean = (momentum * moving_mean + (1 - momentum) * mean).detach().to(X.dtype)
        moving_var = (momentum * moving_var + (1 - momentum) * var).detach().to(X.dtype)
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (Z - mean) / torch.sqrt(var + eps) + beta
    return Y.to(X.dtype), moving_mean, moving_var
