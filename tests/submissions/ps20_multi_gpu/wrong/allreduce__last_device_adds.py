"""Sum on the last device, first tensors overwritten twice.

Fails: the list holds the sum of all, in every place
"""

def allreduce(data):
    for x in data[:-1]:
        data[-1] += x.to(data[-1].device)
    for x in data:
        x[...] = data[-1]
    del data[1:]
