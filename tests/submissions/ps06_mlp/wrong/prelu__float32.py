"""The dtype changes.

Fails: gradients reach x and alpha and are right
Fails: keeps the dtype, and takes entries in any memory order
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, x, alpha * x).float()
