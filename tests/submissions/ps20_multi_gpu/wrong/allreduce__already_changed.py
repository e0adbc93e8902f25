"""Adds up tensors that have already been changed: summed twice.

Fails: the list holds the sum of all, in every place
Fails: the tensors themselves change, under whatever name the caller has them
Fails: any dtype and layout, float64 to the last digit
"""


def allreduce(data):
    for x in data:
        for y in data:
            if y is not x:
                x += y.to(x.device)
