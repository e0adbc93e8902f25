"""The table as it is printed, with its cells in other columns. (003 §10.5.4)

Fails: the convolutions and three linear layers add up to the number in the name
Says: slipped
"""


def vgg_arch(num_layers):
    convolutions = {11: (1, 1, 2, 2, 2), 13: (1, 1, 3, 3, 3), 16: (1, 1, 4, 4, 4), 19: (1, 2, 2, 2, 2)}
    if num_layers not in convolutions:
        raise ValueError("no such network")
    return tuple(zip(convolutions[num_layers], (64, 128, 256, 512, 512)))
