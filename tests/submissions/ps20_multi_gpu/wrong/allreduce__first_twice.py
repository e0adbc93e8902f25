"""Counts the first tensor twice.

Fails: the list holds the sum of all, in every place
Fails: the tensors themselves change, under whatever name the caller has them
Fails: any dtype and layout, float64 to the last digit
"""


def allreduce(data):
    for x in data:
        data[0] += x.to(data[0].device)
    for x in data[1:]:
        x.copy_(data[0])
