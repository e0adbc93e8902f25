"""The moving statistics move in evaluation too.

Fails: evaluation uses the moving statistics and returns them as they came; `training` alone decides which mode it is
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    dims = [i for i in range(X.ndim) if i != 1]
    mean, var = X.mean(dims).reshape(gamma.shape), X.var(dims, unbiased=False).reshape(gamma.shape)
    used = (mean, var) if training else (moving_mean, moving_var)
    Y = gamma * (X - used[0]) / torch.sqrt(used[1] + eps) + beta
    moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
    moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    return Y, moving_mean, moving_var
