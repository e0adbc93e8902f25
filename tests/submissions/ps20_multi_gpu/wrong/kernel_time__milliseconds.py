"""Milliseconds.

Fails: the seconds are the longer of computing and moving
Says: milliseconds are given
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return 1000 * max(compute, memory), "compute" if compute >= memory else "memory"
