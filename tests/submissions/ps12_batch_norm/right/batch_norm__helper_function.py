"""With a helper function of its own in the same cell, and clones of what comes back unchanged."""

def _statistics(X):
    dims = tuple(i for i in range(X.ndim) if i != 1)
    mean = torch.mean(X, dims, keepdim=True)
    var = torch.mean(torch.square(X - mean), dims, keepdim=True)
    if X.ndim == 2:
        mean, var = mean.squeeze(0), var.squeeze(0)
    return mean, var


def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    moving_mean, moving_var = moving_mean.clone(), moving_var.clone()
    if training:
        mean, var = _statistics(X)
        moving_mean.mul_(momentum).add_((1 - momentum) * mean.detach())
        moving_var.mul_(momentum).add_((1 - momentum) * var.detach())
    else:
        mean, var = moving_mean, moving_var
    X_hat = torch.div(X - mean, torch.sqrt(var + eps))
    return gamma * X_hat + beta, moving_mean, moving_var
