"""Two numbers in torch.where: float32 whatever x is.

Fails: keeps the dtype, and takes entries in any memory order
"""

def prelu_grad(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, 1.0, alpha)
