"""As many convolutions as the name says layers.

Fails: the convolutions and three linear layers add up to the number in the name
Fails: has the convolutions and channels of the table, block by block
Says: with the three linear layers
"""


def vgg_arch(num_layers):
    convolutions = {11: (2, 2, 2, 2, 3), 13: (2, 2, 3, 3, 3), 16: (2, 2, 4, 4, 4), 19: (3, 4, 4, 4, 4)}
    if num_layers not in convolutions:
        raise ValueError("no such network")
    return tuple(zip(convolutions[num_layers], (64, 128, 256, 512, 512)))
