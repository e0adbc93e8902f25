"""The slope at the kink is 0, as for relu.

Fails: is alpha at 0
Says: the slope at 0 is 0, as for relu
"""

def prelu_grad(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, torch.ones_like(x), alpha) * (x != 0)
