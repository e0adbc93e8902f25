"""The later blocks from the number of layers."""


def vgg_arch(num_layers):
    if num_layers not in [11, 13, 16, 19]:
        raise ValueError("11, 13, 16 or 19")
    early = 1 if num_layers == 11 else 2
    late = (num_layers - 3 - 2 * early) // 3
    return ((early, 64), (early, 128), (late, 256), (late, 512), (late, 512))
