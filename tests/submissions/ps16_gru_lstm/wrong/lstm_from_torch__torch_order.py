"""Keeps the order of PyTorch: i, f, g, o.

Fails: input weights of all gates, in the order input, forget, output, candidate
Fails: with these weights the formulas of lstm give the numbers of nn.LSTM
"""

def lstm_from_torch(layer):
    h = layer.hidden_size
    W_x = layer.weight_ih_l0.detach().T
    W_h = layer.weight_hh_l0.detach().T
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach()
    params = []
    for k in (0, 1, 2, 3):
        part = slice(k * h, (k + 1) * h)
        params += [W_x[:, part], W_h[:, part], b[part]]
    return params
