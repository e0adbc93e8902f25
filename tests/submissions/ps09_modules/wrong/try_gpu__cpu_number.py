"""cpu with a number.

Fails: is the CPU where there is no i-th GPU
Fails: i is 0 if nothing is said
"""


def try_gpu(i=0):
    return torch.device("cuda", i) if i < torch.cuda.device_count() else torch.device("cpu", i)
