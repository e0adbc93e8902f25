"""Compares operations a byte with the corner of the roofline."""


def kernel_time(flops, num_bytes, peak, bandwidth):
    if num_bytes == 0 or flops / num_bytes >= peak / bandwidth:
        return float(flops / peak), "compute"
    return float(num_bytes / bandwidth), "memory"
