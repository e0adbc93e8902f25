"""Reads (stride, kernel).

Fails: with stride 1, every layer adds its kernel minus one
Says: the pairs are read as (stride, kernel)
"""

def receptive_field(layers):
    field, step = 1, 1
    for stride, kernel in layers:
        field += (kernel - 1) * step
        step *= stride
    return field
