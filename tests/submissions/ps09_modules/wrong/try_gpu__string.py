"""A string.

Fails: is the i-th GPU where there is one
Fails: is the CPU where there is no i-th GPU
Fails: i is 0 if nothing is said
Says: a torch.device was expected
"""


def try_gpu(i=0):
    return f"cuda:{i}" if i < torch.cuda.device_count() else "cpu"
