"""Off by one: the last GPU is never used.

Fails: is the i-th GPU where there is one
Fails: i is 0 if nothing is said
"""


def try_gpu(i=0):
    return torch.device("cuda", i) if i + 1 < torch.cuda.device_count() else torch.device("cpu")
