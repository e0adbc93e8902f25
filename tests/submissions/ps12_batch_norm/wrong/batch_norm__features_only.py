"""Images are treated like features: the mean over dim 0.

Fails: training: each channel of (n, c, h, w) is normalised over samples and pixels
Fails: the moving statistics keep the share `momentum` and take the rest from the batch
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    if training:
        mean = X.mean(dim=0)
        var = ((X - mean) ** 2).mean(dim=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (X - mean) / torch.sqrt(var + eps) + beta
    return Y, moving_mean, moving_var
