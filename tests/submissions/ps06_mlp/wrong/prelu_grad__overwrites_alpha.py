"""Computes in the caller's alpha.

Fails: leaves its inputs unchanged
"""

def prelu_grad(x, alpha):
    if not isinstance(alpha, torch.Tensor):
        return torch.where(x > 0, torch.ones_like(x), alpha)
    below = alpha.reshape(-1, *[1] * (x.ndim - 2)) if alpha.ndim == 1 else alpha
    result = (x > 0).to(x.dtype) * (1 - below) + below
    alpha -= 1
    return result
