"""Off by one: GPU i where there are i.

Fails: is the CPU where there is no i-th GPU
Fails: i is 0 if nothing is said
Says: try_gpu(2) on a machine with 2 GPUs is cuda:2
"""


def try_gpu(i=0):
    return torch.device("cuda", i) if i <= torch.cuda.device_count() else torch.device("cpu")
