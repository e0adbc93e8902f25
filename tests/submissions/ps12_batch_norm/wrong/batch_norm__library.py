"""Calls PyTorch's batch_norm.

Fails: *
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    mean, var = moving_mean.reshape(-1).clone(), moving_var.reshape(-1).clone()
    Y = torch.nn.functional.batch_norm(X, mean, var, gamma.reshape(-1), beta.reshape(-1), training, 1 - momentum, eps)
    return Y, mean.reshape(moving_mean.shape), var.reshape(moving_var.shape)
