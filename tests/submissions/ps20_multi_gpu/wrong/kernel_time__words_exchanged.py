"""The words are exchanged.

Fails: says which of the two it is
Fails: says compute where both take equally long
Says: the two words are exchanged
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return max(compute, memory), "memory" if compute >= memory else "compute"
