"""The larger of two, by name."""


def kernel_time(flops, num_bytes, peak, bandwidth):
    times = {"compute": flops / peak, "memory": num_bytes / bandwidth}
    bound = max(times, key=times.get)
    return times[bound], bound
