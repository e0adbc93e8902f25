"""Returns inside the loop.

Fails: copies all parameters, in order, with their shapes, dtypes and values
"""


def get_params(params, device):
    copies = []
    for p in params:
        copies.append(p.detach().clone().to(device).requires_grad_())
        return copies
