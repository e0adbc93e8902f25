"""A layer without a bias crashes.

Fails: the weight has the spread of numbers between -1/√fan_in and 1/√fan_in
Fails: kernels: the area counts, and groups
Fails: the bias lies within the same bounds
Fails: the numbers are uniform
Fails: every entry is drawn on its own
Fails: takes layers without a bias
Fails: fills the parameters that are there, and returns the layer
May fail: torch.manual_seed decides the numbers, and each call draws new ones
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        layer.bias.uniform_(-bound, bound)
    return layer
