"""Divides by the norm and forgets theta: unit length.

Fails: shortens all gradients by one factor, so that their common norm is theta
"""

def grad_clipping(params, theta):
    params = [p for p in params if p.grad is not None]
    norm = torch.sqrt(sum(torch.sum((p.grad ** 2)) for p in params))
    if norm > theta:
        for param in params:
            param.grad[:] *= 1 / norm
    return norm
