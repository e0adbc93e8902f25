"""Switches requires_grad on for the originals as well.

Fails: the originals stay as they are
"""


def get_params(params, device):
    copies = []
    for p in params:
        copies.append(p.detach().clone().to(device))
        for q in (p, copies[-1]):
            q.requires_grad_()
    return copies
