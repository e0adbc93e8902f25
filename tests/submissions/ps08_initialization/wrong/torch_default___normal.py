"""normal_(), as in the notes. (001: PyTorch's default)

Fails: the weight has the spread of numbers between -1/√fan_in and 1/√fan_in
Fails: kernels: the area counts, and groups
Fails: the bias lies within the same bounds
Fails: takes layers without a bias
May fail: fills the parameters that are there, and returns the layer
May fail: torch.manual_seed decides the numbers, and each call draws new ones
May fail: every entry is drawn on its own
May fail: the numbers are uniform
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.normal_()
        if layer.bias is not None:
            layer.bias.normal_()
    return layer
