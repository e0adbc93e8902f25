"""Casts to float32 and stays there.

Fails: keeps the dtype, and takes numbers in any memory order
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    X, moving_mean, moving_var = X.float(), moving_mean.float(), moving_var.float()
    if training:
        if X.ndim == 2:
            mean = X.mean(dim=0)
            var = ((X - mean) ** 2).mean(dim=0)
        else:
            mean = X.mean(dim=(0, 2, 3), keepdim=True)
            var = ((X - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (X - mean) / torch.sqrt(var + eps) + beta
    return Y.float(), moving_mean.float(), moving_var.float()
