"""Writes the slopes into the input.

Fails: leaves its inputs unchanged
"""

def prelu_grad(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    positive = x > 0
    x.copy_(torch.where(positive, torch.ones_like(x), alpha))
    return x
