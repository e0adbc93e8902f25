"""Any GPU for this GPU.

Fails: is the CPU where there is no i-th GPU
Says: try_gpu(2) on a machine with 2 GPUs is cuda:2
"""


def try_gpu(i=0):
    return torch.device("cuda", i) if torch.cuda.is_available() else torch.device("cpu")
