"""Counts the weights for every pixel.

Fails: without a bias, the parameters are the weights
Says: the weights are counted for every pixel
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights * oh * ow + (c_out if bias else 0), weights * oh * ow
