"""New random weights of the right shapes.

Fails: input weights of all gates, in the order input, forget, output, candidate
Fails: state weights of all gates, transposed
Fails: biases are the sums of the layer's two
Fails: with these weights the formulas of lstm give the numbers of nn.LSTM
"""

def lstm_from_torch(layer):
    d, h = layer.input_size, layer.hidden_size
    return [torch.randn(s, dtype=layer.weight_ih_l0.dtype, device=layer.weight_ih_l0.device) for s in [(d, h), (h, h), (h,)] * 4]
