"""The bias stays.

Fails: biases are 0, and a layer may have none
Says: a bias is not 0
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                pass
