"""The step is the last stride, not the product.

Fails: the strides of all earlier layers multiply
Says: the step is the last stride only, not the product of all so far
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step = stride
    return field
