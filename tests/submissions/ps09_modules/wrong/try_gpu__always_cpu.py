"""Always the CPU.

Fails: is the i-th GPU where there is one
Fails: i is 0 if nothing is said
"""


def try_gpu(i=0):
    return torch.device("cuda", i) if False else torch.device("cpu")
