"""No weight is 0: sizes between 5 and 10.

Fails: half of the weights are 0, the others uniform in [5, 10] and [-10, -5]
Says: of the weights are 0
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-5, 5)
            module.weight.add_(5 * module.weight.sign())
            if module.bias is not None:
                module.bias.zero_()
