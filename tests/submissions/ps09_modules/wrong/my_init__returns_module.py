"""Returns the module.

Fails: keeps the dtype of the parameters, and returns nothing
Says: my_init returns something of type Linear
"""


def my_init(module):
    if not isinstance(module, nn.Linear):
        return module
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
    return module
