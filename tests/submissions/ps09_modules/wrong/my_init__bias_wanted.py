"""A layer without bias crashes.

Fails: *
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if True:
                module.bias.zero_()
