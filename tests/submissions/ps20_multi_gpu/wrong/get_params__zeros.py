"""New tensors of the right shapes, without the values.

Fails: copies all parameters, in order, with their shapes, dtypes and values
"""


def get_params(params, device):
    return [torch.zeros_like(p, device=device).requires_grad_() for p in params]
