"""Counts one output channel and multiplies."""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    one = c_in * kernel_size[0] * kernel_size[1]
    params = c_out * (one + 1) if bias else c_out * one
    madds = 0
    for _ in range(out_size[0]):
        madds += out_size[1] * c_out * one
    return params, madds
