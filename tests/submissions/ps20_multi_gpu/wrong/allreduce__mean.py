"""The mean instead of the sum.

Fails: the list holds the sum of all, in every place
Fails: the tensors themselves change, under whatever name the caller has them
Fails: any dtype and layout, float64 to the last digit
"""


def allreduce(data):
    total = sum(x.to(data[0].device) for x in data)
    for x in data:
        x.copy_(total / len(data))
