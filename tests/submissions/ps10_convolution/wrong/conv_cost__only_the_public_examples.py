"""Knows the examples of the notebook by heart.

Fails: *
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    return (224, 25920) if c_in == 3 else (250000, 1024000000)
