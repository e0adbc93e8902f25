"""Clones without detach, as in the notes: of a parameter that requires a gradient this is no leaf. (000 §3.2.2)

Fails: the copies are leaves that require a gradient
"""


def get_params(params, device):
    new_params = [p.clone().to(device) for p in params]
    for p in new_params:
        p.requires_grad_()
    return new_params
