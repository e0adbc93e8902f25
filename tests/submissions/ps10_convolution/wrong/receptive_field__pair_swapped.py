"""Reads (stride, kernel).

Fails: with stride 1, every layer adds its kernel minus one
Fails: the strides of all earlier layers multiply
Fails: a layer's own stride does not count for itself
"""

def receptive_field(layers):
    field, step = 1, 1
    for stride, kernel in layers:
        field += (kernel - 1) * step
        step *= stride
    return field
