"""Flattens with view, which wants one memory order.

Fails: keeps the dtype, and takes numbers in any memory order
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    if training:
        rows = X.view(X.shape[0], X.shape[1], -1)
        mean, var = rows.mean((0, 2)).reshape(gamma.shape), rows.var((0, 2), unbiased=False).reshape(gamma.shape)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta, moving_mean, moving_var
