"""Knows three of the four.

Fails: the convolutions and three linear layers add up to the number in the name
Fails: has the convolutions and channels of the table, block by block
Fails: gives the same when it is called again, and leaves the program as it was
"""


def vgg_arch(num_layers):
    convolutions = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3)}
    if num_layers not in convolutions:
        raise ValueError("no such network")
    return tuple(zip(convolutions[num_layers], (64, 128, 256, 512, 512)))
