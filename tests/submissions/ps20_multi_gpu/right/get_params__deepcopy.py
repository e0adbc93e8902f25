"""Copies the whole list deeply."""

import copy


def get_params(params, device):
    copies = copy.deepcopy([p.detach() for p in params])
    return [p.to(device).requires_grad_(True) for p in copies]
