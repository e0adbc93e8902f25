"""The bias is not counted.

Fails: a bias adds one parameter for each output channel
Says: the bias is not counted
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights, weights * oh * ow
