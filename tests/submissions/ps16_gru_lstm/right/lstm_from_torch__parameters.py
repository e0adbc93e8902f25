"""New leaves that can be trained on their own, made under no_grad."""

def lstm_from_torch(layer):
    h = layer.hidden_size
    result = []
    with torch.no_grad():
        for k in [0, 1, 3, 2]:
            rows = torch.arange(k * h, (k + 1) * h, device=layer.weight_ih_l0.device)
            result.append(torch.nn.Parameter(layer.weight_ih_l0.index_select(0, rows).transpose(0, 1).contiguous()))
            result.append(torch.nn.Parameter(layer.weight_hh_l0.index_select(0, rows).transpose(0, 1).contiguous()))
            result.append(torch.nn.Parameter(layer.bias_ih_l0[rows] + layer.bias_hh_l0[rows]))
    return tuple(result)
