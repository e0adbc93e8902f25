"""Any GPU for this GPU.

Fails: is the CPU where there is no i-th GPU
Says: try_gpu(1) on a machine with 1 GPU is cuda:1
"""


def try_gpu(i=0):
    return torch.device("cuda", i) if torch.cuda.is_available() else torch.device("cpu")
