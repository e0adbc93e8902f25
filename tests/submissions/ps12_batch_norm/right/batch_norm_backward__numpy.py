"""In NumPy, vectorised."""

import numpy as np


def batch_norm_backward(dY, X, gamma, eps):
    x, dy, g = X.numpy(), dY.numpy(), gamma.numpy()
    axes = tuple(i for i in range(x.ndim) if i != 1)
    m = x.size / x.shape[1]
    shape = [1] * x.ndim
    shape[1] = x.shape[1]
    g = g.reshape(shape)
    mu = x.mean(axis=axes, keepdims=True)
    var = ((x - mu) ** 2).mean(axis=axes, keepdims=True)
    inv = 1 / np.sqrt(var + eps)
    xhat = (x - mu) * inv
    dxhat = dy * g
    dvar = np.sum(dxhat * (x - mu) * -0.5 * inv**3, axis=axes, keepdims=True)
    dmu = np.sum(dxhat * -inv, axis=axes, keepdims=True) + dvar * np.mean(-2 * (x - mu), axis=axes, keepdims=True)
    dx = dxhat * inv + dvar * 2 * (x - mu) / m + dmu / m
    return tuple(torch.from_numpy(np.asarray(a, dtype=x.dtype)) for a in (dx, (dy * xhat).sum(axes).reshape(gamma.shape), dy.sum(axes).reshape(gamma.shape)))
