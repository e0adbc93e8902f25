"""Scales to theta even where the norm is smaller.

Fails: leaves gradients alone whose common norm is below theta
"""

def grad_clipping(params, theta):
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.sqrt(sum((g ** 2).sum() for g in grads))
    for g in grads:
        g *= theta / norm
    return norm
