"""Asks is_available first."""


def try_gpu(i=0):
    if not torch.cuda.is_available() or i not in range(torch.cuda.device_count()):
        return torch.device("cpu")
    return torch.device("cuda", i)
