"""Stacks everything on device 0 and sums."""


def allreduce(data):
    total = torch.stack([x.to(data[0].device) for x in data]).sum(dim=0)
    for x in data:
        x.copy_(total)
