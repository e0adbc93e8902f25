"""cuda without a number.

Fails: is the i-th GPU where there is one
Fails: i is 0 if nothing is said
Says: try_gpu(0) on a machine with 1 GPU is cuda
"""


def try_gpu(i=0):
    return torch.device("cuda") if i < torch.cuda.device_count() else torch.device("cpu")
