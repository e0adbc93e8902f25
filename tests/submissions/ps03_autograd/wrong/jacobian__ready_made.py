"""torch.autograd.functional.jacobian.

Fails: *
Says: ready-made tool
"""


def jacobian(f, x):
    return torch.autograd.functional.jacobian(f, x.detach())
