"""No layers, no field.

Fails: without layers, a number sees one pixel
Says: the field starts at 0; a number sees one pixel before the first layer
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field if layers else 0
