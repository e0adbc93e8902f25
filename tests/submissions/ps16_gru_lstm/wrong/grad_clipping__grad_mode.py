"""Switches autograd off for good.

Fails: writes into the gradients' own memory, and into nothing else
Says: autograd is switched off
"""


def grad_clipping(params, theta):
    torch.set_grad_enabled(False)
    grads = [p.grad for p in params if p.grad is not None]
    norm = sum((g**2).sum().item() for g in grads) ** 0.5
    if norm > theta:
        for g in grads:
            g *= theta / norm
    return norm
