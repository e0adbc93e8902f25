"""Makes rows of the pixels, so that there is one case only."""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    rows = X if X.ndim == 2 else X.permute(0, 2, 3, 1).reshape(-1, X.shape[1])
    if training:
        mu = rows.sum(dim=0) / rows.shape[0]
        sigma2 = (rows - mu).pow(2).sum(dim=0) / rows.shape[0]
        moving_mean = moving_mean + (1 - momentum) * (mu.detach().view(moving_mean.shape) - moving_mean)
        moving_var = moving_var + (1 - momentum) * (sigma2.detach().view(moving_var.shape) - moving_var)
    else:
        mu, sigma2 = moving_mean.flatten(), moving_var.flatten()
    out = gamma.flatten() * ((rows - mu) / (sigma2 + eps).sqrt()) + beta.flatten()
    if X.ndim == 4:
        n, c, h, w = X.shape
        out = out.reshape(n, h, w, c).permute(0, 3, 1, 2)
    return out, moving_mean, moving_var
