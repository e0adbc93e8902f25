"""A bias for each pair of channels. (000 §2.3.4)

Fails: a bias adds one parameter for each output channel
Says: each pair of channels has a bias; it is each output channel
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights + (c_out * c_in if bias else 0), weights * oh * ow
