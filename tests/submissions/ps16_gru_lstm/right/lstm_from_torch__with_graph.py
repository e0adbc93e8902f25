"""Parts that still hang on the layer's parameters: training them trains the layer."""

def lstm_from_torch(layer):
    W_x, W_h, b_x, b_h = layer.all_weights[0]
    gates = {}
    for name, wx, wh, bx, bh in zip("ifco", W_x.split(layer.hidden_size), W_h.split(layer.hidden_size), b_x.split(layer.hidden_size), b_h.split(layer.hidden_size)):
        gates[name] = [wx.t(), wh.t(), bx + bh]
    return gates["i"] + gates["f"] + gates["o"] + gates["c"]
