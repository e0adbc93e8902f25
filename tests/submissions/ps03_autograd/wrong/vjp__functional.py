"""torch.autograd.functional.vjp.

Fails: *
Says: ready-made tool
"""


def vjp(f, x, v):
    return torch.autograd.functional.vjp(f, x.detach(), v)[1]
