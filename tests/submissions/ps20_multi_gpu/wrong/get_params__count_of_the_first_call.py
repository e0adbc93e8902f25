"""Copies as many parameters as the first call had.

Fails: copies all parameters, in order, with their shapes, dtypes and values
Fails: gives the same when it is called again, and leaves the program as it was
"""

_count = []
def get_params(params, device):
    _count.append(len(params))
    return [p.detach().clone().to(device).requires_grad_() for p in params[: _count[0]]]
