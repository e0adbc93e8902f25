"""Adds the whole kernel.

Fails: with stride 1, every layer adds its kernel minus one
Says: the whole kernel is added, not the kernel minus one
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += kernel * step
        step *= stride
    return field
