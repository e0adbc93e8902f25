"""A list of all GPUs, and the CPU behind it."""


def try_gpu(i=0):
    devices = [torch.device("cuda", j) for j in range(torch.cuda.device_count())]
    return devices[i] if len(devices) > i else torch.device("cpu")
