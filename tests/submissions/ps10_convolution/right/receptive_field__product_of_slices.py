"""The product of the earlier strides, written out."""

def receptive_field(layers):
    import math

    return 1 + sum((k - 1) * math.prod(s for _, s in layers[:i]) for i, (k, _) in enumerate(layers))
