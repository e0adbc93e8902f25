"""Keeps its copies, and gives the same ones to the next device.

Fails: every copy has memory of its own
"""

_copies = {}


def get_params(params, device):
    key = tuple(id(p) for p in params)
    if (key, str(device)) not in _copies:
        _copies[key, str(device)] = [p.detach().clone().to(device).requires_grad_() for p in params]
    return _copies[key, str(device)]
