"""Counts the parameters of an nn.Conv2d."""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    layer = nn.Conv2d(c_in, c_out, kernel_size, bias=bias)
    parameters = sum(p.numel() for p in layer.parameters())
    return parameters, layer.weight.numel() * out_size[0] * out_size[1]
