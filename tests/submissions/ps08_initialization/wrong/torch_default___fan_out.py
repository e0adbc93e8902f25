"""The number of outputs.

Fails: the weight has the spread of numbers between -1/√fan_in and 1/√fan_in
Fails: kernels: the area counts, and groups
Fails: the bias lies within the same bounds
Fails: takes layers without a bias
Says: the number of outputs
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight.shape[0])
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        if layer.bias is not None:
            layer.bias.uniform_(-bound, bound)
    return layer
