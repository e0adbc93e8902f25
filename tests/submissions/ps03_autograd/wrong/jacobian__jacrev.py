"""torch.func.jacrev.

Fails: *
Says: ready-made tool
"""


def jacobian(f, x):
    return torch.func.jacrev(f)(x.detach())
