"""First all input weights, then all state weights, then all biases.

Fails: input weights of all gates, in the order input, forget, output, candidate
Fails: state weights of all gates, transposed
Fails: biases are the sums of the layer's two
Fails: with these weights the formulas of lstm give the numbers of nn.LSTM
"""

def lstm_from_torch(layer):
    i, f, c, o = range(4)
    W_x = layer.weight_ih_l0.detach().T.chunk(4, dim=1)
    W_h = layer.weight_hh_l0.detach().T.chunk(4, dim=1)
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().chunk(4)
    return [part[k] for part in (W_x, W_h, b) for k in (i, f, o, c)]
