"""Moves last: a copy that is really moved is no leaf.

Fails: the copies are leaves that require a gradient
"""

def get_params(params, device):
    return [p.detach().clone().requires_grad_().to(device) for p in params]
