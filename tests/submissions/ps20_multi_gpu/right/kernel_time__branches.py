"""Two branches."""


def kernel_time(flops, num_bytes, peak, bandwidth):
    if flops / peak < num_bytes / bandwidth:
        return num_bytes / bandwidth, "memory"
    return flops / peak, "compute"
