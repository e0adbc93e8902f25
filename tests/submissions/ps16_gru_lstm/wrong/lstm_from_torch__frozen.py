"""Freezes the layer.

Fails: keeps the dtype of the layer, and leaves the layer unchanged
Says: does not require a gradient any more
"""


def lstm_from_torch(layer):
    layer.requires_grad_(False)
    W_x = layer.weight_ih_l0.detach().T.chunk(4, dim=1)
    W_h = layer.weight_hh_l0.detach().T.chunk(4, dim=1)
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().chunk(4)
    return [part[gate] for gate in (0, 1, 3, 2) for part in (W_x, W_h, b)]
