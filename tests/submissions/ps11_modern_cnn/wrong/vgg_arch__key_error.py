"""A KeyError for other numbers.

Fails: raises ValueError for any other number
Says: raises KeyError
"""


def vgg_arch(num_layers):
    convolutions = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
    if num_layers not in convolutions:
        raise KeyError("no such network")
    return tuple(zip(convolutions[num_layers], (64, 128, 256, 512, 512)))
