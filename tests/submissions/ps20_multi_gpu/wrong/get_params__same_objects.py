"""Hands back the parameters themselves.

Fails: the copies are leaves that require a gradient
Fails: every copy has memory of its own
Fails: the originals stay as they are
"""


def get_params(params, device):
    return [p.to(device).requires_grad_() for p in params]
