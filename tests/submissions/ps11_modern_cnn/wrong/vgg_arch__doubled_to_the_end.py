"""The channels are doubled in the last block, too.

Fails: has the convolutions and channels of the table, block by block
Says: 1024
"""


def vgg_arch(num_layers):
    convolutions = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
    if num_layers not in convolutions:
        raise ValueError("no such network")
    return tuple(zip(convolutions[num_layers], (64, 128, 256, 512, 1024)))
