"""Ends at the first parameter without a gradient.

Fails: skips parameters without a gradient
"""

def grad_clipping(params, theta):
    with_grad = []
    for p in params:
        if p.grad is None:
            break
        with_grad.append(p)
    params = with_grad
    if not params:
        return 0.0
    norm = torch.sqrt(sum(torch.sum((p.grad ** 2)) for p in params))
    if norm > theta:
        for param in params:
            param.grad[:] *= theta / norm
    return norm
