"""Adds tensors that lie on different devices.

Fails: moves a tensor to the other's device before it adds the two
"""


def allreduce(data):
    for x in data[1:]:
        data[0] += x
    for x in data[1:]:
        x.copy_(data[0])
