"""A kernel without depth.

Fails: without a bias, the parameters are the weights
Fails: every output pixel of every output channel costs a kernel of multiply-adds
Says: the input channels are left out: each has its own slice of the kernel
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * kh * kw
    return weights + (c_out if bias else 0), weights * oh * ow
