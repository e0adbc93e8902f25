"""The kernel's area is forgotten.

Fails: kernels: the area counts, and groups
Fails: the bias lies within the same bounds
Fails: takes layers without a bias
Says: the area of the kernel is forgotten
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight.shape[1])
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        if layer.bias is not None:
            layer.bias.uniform_(-bound, bound)
    return layer
