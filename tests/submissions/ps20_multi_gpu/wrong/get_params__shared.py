"""detach and to make no copy on the same device.

Fails: every copy has memory of its own
"""


def get_params(params, device):
    return [p.detach().to(device).requires_grad_() for p in params]
