"""The shorter.

Fails: the seconds are the longer of computing and moving
Says: the shorter time is taken
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return min(compute, memory), "compute" if compute >= memory else "memory"
