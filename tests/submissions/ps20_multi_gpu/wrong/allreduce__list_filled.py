"""Fills the list with one new tensor.

Fails: the tensors themselves change, under whatever name the caller has them
Fails: each tensor keeps its memory, and shares none
Fails: moves a tensor to the other's device before it adds the two
"""


def allreduce(data):
    total = sum(x.to(data[0].device) for x in data)
    data[:] = [total.to(x.device) for x in data]
