"""Multiplies the kernels.

Fails: with stride 1, every layer adds its kernel minus one
Says: the kernels are multiplied
"""

def receptive_field(layers):
    field = 1
    for kernel, stride in layers:
        field *= kernel
    return field
