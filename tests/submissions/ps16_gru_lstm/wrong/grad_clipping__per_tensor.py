"""Each gradient is clipped by its own norm.

Fails: shortens all gradients by one factor, so that their common norm is theta
Fails: skips parameters without a gradient
"""

def grad_clipping(params, theta):
    total = 0.0
    for p in params:
        if p.grad is not None:
            norm = p.grad.norm()
            total += norm.item() ** 2
            if norm > theta:
                p.grad *= theta / norm
    return total ** 0.5
