"""The copies stay where the originals are.

Fails: the copies are on the device asked for
"""


def get_params(params, device):
    return [p.detach().clone().requires_grad_() for p in params]
