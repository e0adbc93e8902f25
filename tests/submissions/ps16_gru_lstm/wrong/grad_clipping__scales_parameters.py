"""Scales the parameters too.

Fails: writes into the gradients' own memory, and into nothing else
"""

def grad_clipping(params, theta):
    params = [p for p in params if p.grad is not None]
    norm = torch.sqrt(sum(torch.sum((p.grad ** 2)) for p in params))
    if norm > theta:
        for param in params:
            param.grad[:] *= theta / norm
            param.data *= theta / norm
    return norm
