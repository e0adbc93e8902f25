"""Clamps every entry: the direction changes.

Fails: shortens all gradients by one factor, so that their common norm is theta
Fails: skips parameters without a gradient
"""

def grad_clipping(params, theta):
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.sqrt(sum((g ** 2).sum() for g in grads))
    if norm > theta:
        for g in grads:
            g.clamp_(-theta / 4, theta / 4)
    return norm
