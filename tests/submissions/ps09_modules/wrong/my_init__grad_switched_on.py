"""Frozen layers are thawed.

Fails: works in place: parameters stay the same objects, and require a gradient as before
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            module.weight.requires_grad_(True)
            if module.bias is not None:
                module.bias.zero_()
