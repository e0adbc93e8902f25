"""A layer's stride counts for itself.

Fails: the strides of all earlier layers multiply
Says: a layer's own stride counts for the layer itself
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        field += (kernel - 1) * step
    return field
