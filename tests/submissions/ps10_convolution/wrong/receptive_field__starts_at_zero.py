"""A number sees nothing at first.

Fails: with stride 1, every layer adds its kernel minus one
Says: the field starts at 0; a number sees one pixel before the first layer
"""

def receptive_field(layers):
    field, step = 0, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field
