"""Switches autograd off, and not on again.

Fails: gives the same when it is called again, and leaves the program as it was
Says: autograd is switched off
"""


def causal_mask(T):
    torch.set_grad_enabled(False)
    return torch.ones(T, T, dtype=torch.bool).tril()
