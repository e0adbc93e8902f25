"""Memory at a tie.

Fails: says compute where both take equally long
Says: where both take equally long
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return max(compute, memory), "compute" if compute > memory else "memory"
