"""Adds the strides up.

Fails: the strides of all earlier layers multiply
Says: the strides are added up; they multiply
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step += stride - 1
    return field
