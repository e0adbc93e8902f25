"""Wraps nn.BatchNorm1d and nn.BatchNorm2d.

Fails: *
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    layer = (nn.BatchNorm1d if X.ndim == 2 else nn.BatchNorm2d)(X.shape[1], eps=eps, momentum=1 - momentum).to(X)
    layer.weight.data, layer.bias.data = gamma.detach().reshape(-1).clone(), beta.detach().reshape(-1).clone()
    layer.running_mean, layer.running_var = moving_mean.reshape(-1).clone(), moving_var.reshape(-1).clone()
    Y = layer.train(training)(X)
    return Y, layer.running_mean.reshape(moving_mean.shape), layer.running_var.reshape(moving_var.shape)
