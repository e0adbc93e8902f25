"""Counts the bias as an addition.

Fails: every output pixel of every output channel costs a kernel of multiply-adds
Says: the bias is counted as well
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights + (c_out if bias else 0), (weights + (c_out if bias else 0)) * oh * ow
