"""Autograd stays switched off.

Fails: works in place: parameters stay the same objects, and require a gradient as before
Says: autograd is switched off
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        torch.set_grad_enabled(False)
        if True:
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
