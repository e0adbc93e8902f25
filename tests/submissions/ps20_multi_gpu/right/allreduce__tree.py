"""Adds in pairs, like a tree, then copies from the root."""


def allreduce(data):
    step = 1
    while step < len(data):
        for i in range(0, len(data) - step, 2 * step):
            data[i].add_(data[i + step].to(data[i].device))
        step *= 2
    for x in data[1:]:
        x.copy_(data[0])
