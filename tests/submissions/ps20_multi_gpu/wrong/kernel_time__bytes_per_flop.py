"""Compares bytes an operation with peak over bandwidth.

Fails: says which of the two it is
Fails: says compute where both take equally long
Fails: works for no bytes and for no operations
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return max(compute, memory), "compute" if flops and num_bytes / flops >= peak / bandwidth else "memory"
