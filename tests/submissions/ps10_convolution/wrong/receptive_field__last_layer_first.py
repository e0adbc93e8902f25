"""Goes through the layers the wrong way round.

Fails: the strides of all earlier layers multiply
Says: the last layer comes first
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers[::-1]:
        field += (kernel - 1) * step
        step *= stride
    return field
