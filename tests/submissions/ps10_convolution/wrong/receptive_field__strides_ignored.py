"""Every step is one pixel.

Fails: the strides of all earlier layers multiply
Says: the strides are left out
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
    return field
