"""i is 1 if nothing is said.

Fails: i is 0 if nothing is said
"""


def try_gpu(i=1):
    return torch.device("cuda", i) if i < torch.cuda.device_count() else torch.device("cpu")
