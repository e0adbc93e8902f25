"""Changes nothing and returns the norm.

Fails: shortens all gradients by one factor, so that their common norm is theta
Fails: skips parameters without a gradient
Fails: writes into the gradients' own memory, and into nothing else
"""

def grad_clipping(params, theta):
    params = [p for p in params if p.grad is not None]
    norm = torch.sqrt(sum(torch.sum((p.grad ** 2)) for p in params))
    if norm > theta:
        for param in params:
            pass
    return norm
