"""The same weights for every network.

Fails: half of the weights are 0, the others uniform in [5, 10] and [-10, -5]
Says: two networks get the same weights
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        torch.manual_seed(len(module.weight))
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
