"""Peak and bandwidth are exchanged.

Fails: the seconds are the longer of computing and moving
Fails: says which of the two it is
Fails: says compute where both take equally long
Says: peak and bandwidth are exchanged
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / bandwidth, num_bytes / peak
    return max(compute, memory), "compute" if compute >= memory else "memory"
