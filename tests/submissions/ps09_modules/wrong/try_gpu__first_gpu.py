"""The first GPU where the i-th is missing.

Fails: is the CPU where there is no i-th GPU
Says: try_gpu(2) on a machine with 2 GPUs is cuda:1
"""


def try_gpu(i=0):
    return torch.device("cuda", min(i, torch.cuda.device_count() - 1)) if torch.cuda.is_available() else torch.device("cpu")
