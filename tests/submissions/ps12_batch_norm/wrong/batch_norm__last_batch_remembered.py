"""Evaluation uses the statistics of the last training batch, where there was one of this size.

Fails: eps is added inside the root, in training and in evaluation
"""

_last = {}


def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    dims, images = ((0, 2, 3), True) if X.ndim == 4 else (0, False)
    if training:
        mean = X.mean(dims, keepdim=images)
        var = ((X - mean) ** 2).mean(dims, keepdim=images)
        _last[mean.shape] = mean.detach(), var.detach()
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = _last.get(moving_mean.shape, (moving_mean, moving_var))
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta, moving_mean, moving_var
