"""Everything that has a weight.

Fails: leaves all other modules as they are, and works with net.apply
"""


def my_init(module):
    if hasattr(module, "weight") and isinstance(module.weight, nn.Parameter):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
