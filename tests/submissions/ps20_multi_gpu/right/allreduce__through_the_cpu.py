"""Everything goes to the CPU, is summed there, and comes back."""


def allreduce(data):
    total = sum(x.cpu() for x in data)
    for x in data:
        x[...] = total.to(x.device)
