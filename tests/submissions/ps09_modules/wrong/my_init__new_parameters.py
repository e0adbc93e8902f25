"""New Parameters.

Fails: works in place: parameters stay the same objects, and require a gradient as before
Says: a parameter is another object afterwards
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight = nn.Parameter(torch.empty_like(module.weight).uniform_(-10, 10))
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
