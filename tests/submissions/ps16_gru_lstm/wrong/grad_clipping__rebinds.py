"""param.grad = param.grad * factor: a new tensor.

Fails: writes into the gradients' own memory, and into nothing else
"""

def grad_clipping(params, theta):
    params = [p for p in params if p.grad is not None]
    norm = torch.sqrt(sum(torch.sum((p.grad ** 2)) for p in params))
    if norm > theta:
        for param in params:
            param.grad = param.grad * (theta / norm)
    return norm
