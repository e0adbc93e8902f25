"""Pairs (channels, convolutions).

Fails: the convolutions and three linear layers add up to the number in the name
Says: each pair is (channels, convolutions)
"""


def vgg_arch(num_layers):
    convolutions = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
    if num_layers not in convolutions:
        raise ValueError("no such network")
    return tuple(zip((64, 128, 256, 512, 512), convolutions[num_layers]))
