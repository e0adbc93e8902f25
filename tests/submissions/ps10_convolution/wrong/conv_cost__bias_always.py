"""The bias is always counted.

Fails: without a bias, the parameters are the weights
Fails: a bias adds one parameter for each output channel
Says: the bias is always counted
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights + c_out, weights * oh * ow
