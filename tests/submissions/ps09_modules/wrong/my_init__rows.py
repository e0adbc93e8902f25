"""Whole rows live or are 0.

Fails: half of the weights are 0, the others uniform in [5, 10] and [-10, -5]
Says: whole rows
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-5, 5)
            module.weight.add_(5 * module.weight.sign())
            module.weight.mul_(torch.rand(len(module.weight), 1) < 0.5)
            if module.bias is not None:
                module.bias.zero_()
