"""The largest of the norms.

Fails: shortens all gradients by one factor, so that their common norm is theta
Fails: returns the common norm from before the clipping
"""

def grad_clipping(params, theta):
    params = [p for p in params if p.grad is not None]
    norm = max(p.grad.norm() for p in params)
    if norm > theta:
        for param in params:
            param.grad[:] *= theta / norm
    return norm
