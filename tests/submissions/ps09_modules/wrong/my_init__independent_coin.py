"""An independent coin decides which weights live.

Fails: half of the weights are 0, the others uniform in [5, 10] and [-10, -5]
May fail: leaves all other modules as they are, and works with net.apply
Says: there are weights of a size between 0 and 5
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(torch.rand_like(module.weight) >= 0.5)
            if module.bias is not None:
                module.bias.zero_()
