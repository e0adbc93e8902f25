"""Multiply-adds first.

Fails: *
Says: the multiply-adds stand first
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights * oh * ow, weights + (c_out if bias else 0)
