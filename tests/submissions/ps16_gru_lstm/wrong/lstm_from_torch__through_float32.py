"""Computes in float32, and goes back to the dtype of the layer.

Fails: keeps the dtype of the layer, and leaves the layer unchanged
Says: to the digits of float64
"""


def lstm_from_torch(layer):
    W_x = layer.weight_ih_l0.detach().T.chunk(4, dim=1)
    W_h = layer.weight_hh_l0.detach().T.chunk(4, dim=1)
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().chunk(4)
    return [part[gate].float().to(layer.weight_ih_l0.dtype) for gate in (0, 1, 3, 2) for part in (W_x, W_h, b)]
