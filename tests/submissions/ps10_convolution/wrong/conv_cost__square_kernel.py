"""Squares the kernel's height.

Fails: without a bias, the parameters are the weights
Says: the kernel is taken for a square
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kh
    return weights + (c_out if bias else 0), weights * oh * ow
