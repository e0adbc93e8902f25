"""Mean and variance along each row, not down each column.

Fails: training: each feature of (n, d) is normalised with mean and variance of its column
Fails: eps is added inside the root, in training and in evaluation
Fails: the moving statistics keep the share `momentum` and take the rest from the batch
Fails: the moving statistics carry no graph
Fails: gradients flow back to X, gamma and beta, through the batch's mean and variance too
Fails: stays right for constant columns and for numbers far from zero
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves all its arguments unchanged
Fails: works on the whole batch at once
Fails: evaluation uses the moving statistics and returns them as they came; `training` alone decides which mode it is
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    if training:
        if X.ndim == 2:
            mean = X.mean(dim=1, keepdim=True)
            var = ((X - mean) ** 2).mean(dim=1, keepdim=True)
        else:
            mean = X.mean(dim=(0, 2, 3), keepdim=True)
            var = ((X - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (X - mean) / torch.sqrt(var + eps) + beta
    return Y, moving_mean, moving_var
