"""Autograd.

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
"""


def linreg_gradients(X, y, w, b):
    w, b = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    loss = ((X @ w + b - y.reshape(-1, 1)) ** 2 / 2).sum()
    return torch.autograd.grad(loss, [w, b])
