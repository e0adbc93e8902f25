"""A variance below eps is lifted to eps; nothing is added.

Fails: eps is added inside the root, in training and in evaluation
"""


def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    dims, images = ((0, 2, 3), True) if X.ndim == 4 else (0, False)
    if training:
        mean = X.mean(dims, keepdim=images)
        var = ((X - mean) ** 2).mean(dims, keepdim=images)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    return gamma * (X - mean) / torch.sqrt(var.clamp(min=eps)) + beta, moving_mean, moving_var
