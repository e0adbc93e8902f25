"""beta is not added.

Fails: training: each feature of (n, d) is normalised with mean and variance of its column
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
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
    Y = gamma * (X - mean) / torch.sqrt(var + eps)
    return Y, moving_mean, moving_var
