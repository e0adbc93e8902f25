"""Hands back the parameters themselves.

Fails: every copy has memory of its own
Fails: the originals stay as they are
"""


def get_params(params, device):
    return [p.to(device).requires_grad_() for p in params]
