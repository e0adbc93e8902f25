"""One bias for all channels.

Fails: a bias adds one parameter for each output channel
Says: there is one bias for all output channels; each one has its own
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights + (1 if bias else 0), weights * oh * ow
