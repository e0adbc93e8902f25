"""Counts operations only.

Fails: the seconds are the longer of computing and moving
Fails: gives the same when it is called again, and leaves the program as it was
Says: only computing is counted
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return compute, "compute" if compute >= memory else "memory"
