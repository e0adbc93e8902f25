"""torch.func.vjp, taken out of its box before the call.

Fails: *
Says: ready-made tool
"""


from torch.func import vjp as ready


def vjp(f, x, v):
    return ready(f, x.detach())[1](v)[0]
