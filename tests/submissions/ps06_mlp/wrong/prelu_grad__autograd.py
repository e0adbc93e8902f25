"""Asks autograd.

Fails: *
"""

def prelu_grad(x, alpha):
    x = x.detach().clone().requires_grad_()
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    torch.where(x > 0, x, alpha * x).sum().backward()
    return x.grad
