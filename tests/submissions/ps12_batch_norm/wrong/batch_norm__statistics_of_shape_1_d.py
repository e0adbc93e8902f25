"""Features: the moving statistics come back with shape (1, d).

Fails: the moving statistics keep the share `momentum` and take the rest from the batch
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    if training:
        mean = X.mean(dim=[i for i in range(X.ndim) if i != 1], keepdim=True)
        var = ((X - mean) ** 2).mean(dim=[i for i in range(X.ndim) if i != 1], keepdim=True)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (X - mean) / torch.sqrt(var + eps) + beta
    return Y, moving_mean, moving_var
