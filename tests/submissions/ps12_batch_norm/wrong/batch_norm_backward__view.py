"""Flattens with view, which wants one memory order.

Fails: keeps the dtype, and takes numbers in any memory order
"""

def batch_norm_backward(dY, X, gamma, eps):
    x, dy = X.view(X.shape[0], X.shape[1], -1), dY.view(X.shape[0], X.shape[1], -1)
    scale = gamma.reshape(1, -1, 1)
    mean = x.mean((0, 2), keepdim=True)
    std = torch.sqrt(((x - mean) ** 2).mean((0, 2), keepdim=True) + eps)
    hat = (x - mean) / std
    dX = scale / std * (dy - dy.mean((0, 2), keepdim=True) - hat * (dy * hat).mean((0, 2), keepdim=True))
    return dX.view(X.shape), (dy * hat).sum((0, 2)).view(gamma.shape), dy.sum((0, 2)).view(gamma.shape)
