"""Only the seconds.

Fails: *
"""


def kernel_time(flops, num_bytes, peak, bandwidth):
    compute, memory = flops / peak, num_bytes / bandwidth
    return max(compute, memory)
