"""1/√fan_in as a standard deviation of normal numbers.

Fails: the weight has the spread of numbers between -1/√fan_in and 1/√fan_in
Fails: kernels: the area counts, and groups
Fails: the bias lies within the same bounds
Fails: takes layers without a bias
Fails: the numbers are uniform
Says: 1/√fan_in is taken for the standard deviation
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.normal_(0, bound)
        if layer.bias is not None:
            layer.bias.normal_(0, bound)
    return layer
