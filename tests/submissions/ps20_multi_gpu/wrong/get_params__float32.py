"""Goes through Python lists: float64 is lost.

Fails: copies all parameters, in order, with their shapes, dtypes and values
"""


def get_params(params, device):
    return [torch.tensor(p.tolist(), device=device, requires_grad=True) for p in params]
