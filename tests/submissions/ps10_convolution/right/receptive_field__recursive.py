"""Takes off the first layer."""

def receptive_field(layers):
    if len(layers) == 0:
        return 1
    (kernel, stride), *rest = layers
    return kernel + (receptive_field(rest) - 1) * stride
