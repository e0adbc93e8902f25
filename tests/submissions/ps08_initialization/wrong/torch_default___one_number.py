"""One number for a whole weight.

Fails: the weight has the spread of numbers between -1/√fan_in and 1/√fan_in
Fails: kernels: the area counts, and groups
Fails: the numbers are uniform
Fails: takes layers without a bias
May fail: the bias lies within the same bounds
May fail: fills the parameters that are there, and returns the layer
May fail: torch.manual_seed decides the numbers, and each call draws new ones
May fail: every entry is drawn on its own
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.fill_(float(torch.empty(1).uniform_(-bound, bound)))
        if layer.bias is not None:
            layer.bias.uniform_(-bound, bound)
    return layer
