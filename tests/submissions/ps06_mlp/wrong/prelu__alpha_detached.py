"""alpha is taken as a constant.

Fails: gradients reach x and alpha and are right
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    alpha = alpha.detach() if isinstance(alpha, torch.Tensor) else alpha
    return torch.where(x > 0, x, alpha * x)
