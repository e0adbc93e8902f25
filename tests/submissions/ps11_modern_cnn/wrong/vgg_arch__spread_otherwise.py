"""The right number of convolutions, in other blocks.

Fails: has the convolutions and channels of the table, block by block
"""


def vgg_arch(num_layers):
    convolutions = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (3, 3, 3, 3, 4)}
    if num_layers not in convolutions:
        raise ValueError("no such network")
    return tuple(zip(convolutions[num_layers], (64, 128, 256, 512, 512)))
