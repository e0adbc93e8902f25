"""Returns the sums and changes nothing.

Fails: *
"""


def allreduce(data):
    total = sum(x.to(data[0].device) for x in data)
    return [total.to(x.device) for x in data]
