"""Counts the GPUs once, for all later calls.

Fails: is the i-th GPU where there is one
Fails: is the CPU where there is no i-th GPU
Fails: i is 0 if nothing is said
"""


def try_gpu(i=0):
    if not hasattr(try_gpu, "count"):
        try_gpu.count = torch.cuda.device_count()
    return torch.device("cuda", i) if i < try_gpu.count else torch.device("cpu")
