"""Negates the caller's alpha and does not turn it back.

Fails: gradients reach x and alpha and are right
Fails: leaves its inputs unchanged
"""

def prelu(x, alpha):
    if not isinstance(alpha, torch.Tensor):
        return torch.where(x > 0, x, alpha * x)
    result = torch.where(x > 0, x, (alpha.reshape(-1, *[1] * (x.ndim - 2)) if alpha.ndim == 1 else alpha) * x)
    alpha *= -1
    return result
