"""Divides by the variance.

Fails: training: each feature of (n, d) is normalised with mean and variance of its column
Fails: training: each channel of (n, c, h, w) is normalised over samples and pixels
Fails: eps is added inside the root, in training and in evaluation
Fails: evaluation uses the moving statistics and returns them as they came; `training` alone decides which mode it is
Fails: the moving statistics carry no graph
Fails: stays right for constant columns and for numbers far from zero
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves all its arguments unchanged
Fails: works on the whole batch at once
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
    Y = gamma * (X - mean) / (var + eps) + beta
    return Y, moving_mean, moving_var
