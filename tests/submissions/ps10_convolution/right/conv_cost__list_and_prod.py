"""math.prod, bias as a number, a list."""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    import math

    per_pixel = c_in * c_out * math.prod(kernel_size)
    return [per_pixel + c_out * int(bias), per_pixel * math.prod(out_size)]
