"""`alpha or 0.25`: an alpha of 0 is taken for one that was not given.

Fails: one alpha for all: 1 where x > 0, alpha where x < 0
"""

def prelu_grad(x, alpha):
    if isinstance(alpha, torch.Tensor):
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2)) if alpha.ndim == 1 else alpha
    else:
        alpha = alpha or 0.25
    return torch.where(x > 0, torch.ones_like(x), alpha)
