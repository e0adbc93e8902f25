"""The variance itself contains eps, and so does the moving one. (000 §2.10.1)

Fails: the moving statistics keep the share `momentum` and take the rest from the batch
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    if training:
        if X.ndim == 2:
            mean = X.mean(dim=0)
            var = ((X - mean) ** 2).mean(dim=0) + eps
        else:
            mean = X.mean(dim=(0, 2, 3), keepdim=True)
            var = ((X - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True) + eps
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var + eps
    Y = gamma * (X - mean) / torch.sqrt(var) + beta
    return Y, moving_mean, moving_var
