"""Lists, written out."""


def vgg_arch(num_layers):
    if num_layers == 11:
        return [[1, 64], [1, 128], [2, 256], [2, 512], [2, 512]]
    elif num_layers == 13:
        return [[2, 64], [2, 128], [2, 256], [2, 512], [2, 512]]
    elif num_layers == 16:
        return [[2, 64], [2, 128], [3, 256], [3, 512], [3, 512]]
    elif num_layers == 19:
        return [[2, 64], [2, 128], [4, 256], [4, 512], [4, 512]]
    raise ValueError(num_layers)
