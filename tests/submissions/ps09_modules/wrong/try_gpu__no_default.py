"""i has no default.

Fails: i is 0 if nothing is said
"""


def try_gpu(i):
    return torch.device("cuda", i) if i < torch.cuda.device_count() else torch.device("cpu")
