"""Scales the negative entries in place.

Fails: gradients reach x and alpha and are right
Fails: leaves its inputs unchanged
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    x *= torch.where(x > 0, torch.ones_like(x), alpha)
    return x
