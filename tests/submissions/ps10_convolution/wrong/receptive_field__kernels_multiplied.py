"""Multiplies the kernels.

Fails: with stride 1, every layer adds its kernel minus one
Fails: the strides of all earlier layers multiply
Fails: a layer's own stride does not count for itself
"""

def receptive_field(layers):
    field = 1
    for kernel, stride in layers:
        field *= kernel
    return field
