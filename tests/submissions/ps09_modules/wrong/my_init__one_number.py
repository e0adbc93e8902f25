"""One number for all weights of a layer.

Fails: half of the weights are 0, the others uniform in [5, 10] and [-10, -5]
Says: many weights are equal
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            big = module.weight.abs() >= 5
            module.weight.copy_(7.5 * module.weight.sign() * big)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
