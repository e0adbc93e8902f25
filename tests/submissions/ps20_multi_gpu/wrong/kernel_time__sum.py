"""The sum of both.

Fails: the seconds are the longer of computing and moving
Says: both times are added up
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return compute + memory, "compute" if compute >= memory else "memory"
