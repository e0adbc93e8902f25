"""Counts in float32, which does not know every whole number above 2**24.

Fails: counts exactly, however large the numbers are
"""

def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    weights = torch.tensor([c_out, c_in, *kernel_size]).float().prod()
    return int(weights + (c_out if bias else 0)), int(weights * torch.tensor(out_size).float().prod())
