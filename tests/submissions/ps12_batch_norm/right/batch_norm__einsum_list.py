"""Sums by einsum, and a list for the three results."""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    letters = "nc" if X.ndim == 2 else "nchw"
    m = X.numel() // X.shape[1]
    if training:
        mean = (torch.einsum(f"{letters}->c", X) / m).reshape(gamma.shape)
        D = X - mean
        var = (torch.einsum(f"{letters},{letters}->c", D, D) / m).reshape(gamma.shape)
        moving_mean = torch.lerp(mean, moving_mean, momentum).detach()
        moving_var = torch.lerp(var, moving_var, momentum).detach()
    else:
        D, var = X - moving_mean, moving_var
    return [gamma * D / torch.sqrt(var + eps) + beta, moving_mean, moving_var]
