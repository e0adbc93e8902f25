"""Flattens the parameters.

Fails: copies all parameters, in order, with their shapes, dtypes and values
"""


def get_params(params, device):
    return [p.detach().clone().flatten().to(device).requires_grad_() for p in params]
