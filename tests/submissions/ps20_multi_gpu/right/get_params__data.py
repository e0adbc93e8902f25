"""The notes' line with .data."""


def get_params(params, device):
    new_params = [p.data.clone().to(device) for p in params]
    for p in new_params:
        p.requires_grad_()
    return new_params
