"""Images: statistics of shape (c,), which line up with the width.

Fails: training: each channel of (n, c, h, w) is normalised over samples and pixels
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    if training:
        if X.ndim == 2:
            mean = X.mean(dim=0)
            var = ((X - mean) ** 2).mean(dim=0)
        else:
            mean = X.mean(dim=(0, 2, 3))
            var = ((X - mean) ** 2).mean(dim=(0, 2, 3))
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (X - mean) / torch.sqrt(var + eps) + beta
    return Y, moving_mean, moving_var
