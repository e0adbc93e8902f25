"""Takes the deviation and squares it; returns the old statistics by .data."""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    if training:
        if X.ndim == 2:
            mean = X.mean(dim=0)
            var = X.std(dim=0, unbiased=False) ** 2
        else:
            mean = X.mean(dim=(0, 2, 3), keepdim=True)
            var = X.std(dim=(0, 2, 3), unbiased=False, keepdim=True).square()
        moving_mean = torch.add(momentum * moving_mean.data, mean.data, alpha=1 - momentum)
        moving_var = torch.add(momentum * moving_var.data, var.data, alpha=1 - momentum)
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (X - mean) / torch.sqrt(var + eps) + beta
    return Y, moving_mean, moving_var
