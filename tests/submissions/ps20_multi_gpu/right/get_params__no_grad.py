"""Clones while autograd does not watch, as a tuple."""


def get_params(params, device):
    with torch.no_grad():
        new_params = [p.clone().to(device) for p in params]
    for p in new_params:
        p.requires_grad_()
    return tuple(new_params)
