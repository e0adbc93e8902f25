"""Goes down the tree itself: a container is not left alone.

Fails: leaves all other modules as they are, and works with net.apply
"""


def my_init(module):
    for part in module.modules():
        if isinstance(part, nn.Linear):
            with torch.no_grad():
                part.weight.uniform_(-10, 10)
                part.weight.mul_(part.weight.abs() >= 5)
                if part.bias is not None:
                    part.bias.zero_()
