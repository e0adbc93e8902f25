"""Every stride above one counts as two.

Fails: the strides of all earlier layers multiply
Says: every stride above 1 counts as 2
"""

def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= min(stride, 2)
    return field
