"""Switches autograd off and leaves it so.

Fails: gives the same when it is called again, and leaves the program as it was
"""

def get_params(params, device):
    torch.set_grad_enabled(False)
    return [p.clone().to(device).requires_grad_() for p in params]
