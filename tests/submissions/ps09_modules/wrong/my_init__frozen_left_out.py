"""Frozen layers are left out.

Fails: works in place: parameters stay the same objects, and require a gradient as before
Says: whose parameters do not require a gradient is left out
"""


def my_init(module):
    if isinstance(module, nn.Linear) and module.weight.requires_grad:
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
