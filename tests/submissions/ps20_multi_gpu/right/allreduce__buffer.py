"""Sums into a buffer of its own, and returns the list as well."""


def allreduce(data):
    total = torch.zeros_like(data[0])
    for x in data:
        total += x.to(total.device)
    for x in data:
        x.copy_(total.to(x.device))
    return data
