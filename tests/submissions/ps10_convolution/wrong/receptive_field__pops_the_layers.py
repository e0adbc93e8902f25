"""Takes the layers out of the list.

Fails: the list of layers is left as it was
"""

def receptive_field(layers):
    field, step = 1, 1
    while layers:
        kernel, stride = layers.pop(0)
        field += (kernel - 1) * step
        step *= stride
    return field
