"""VGG-16 for any other number.

Fails: raises ValueError for any other number
Says: returns something
"""


def vgg_arch(num_layers):
    convolutions = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 19: (2, 2, 4, 4, 4)}.get(num_layers, (2, 2, 3, 3, 3))
    return tuple(zip(convolutions, (64, 128, 256, 512, 512)))
