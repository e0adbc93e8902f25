"""The columns of the paper, A to E."""


def vgg_arch(num_layers):
    try:
        column = {11: "11222", 13: "22222", 16: "22333", 19: "22444"}[num_layers]
    except KeyError:
        raise ValueError("no such VGG") from None
    return [(int(n), min(64 * 2**i, 512)) for i, n in enumerate(column)]
