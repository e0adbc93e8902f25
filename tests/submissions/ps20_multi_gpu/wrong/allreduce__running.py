"""Each gets the sum of those before it.

Fails: the list holds the sum of all, in every place
Fails: the tensors themselves change, under whatever name the caller has them
Fails: any dtype and layout, float64 to the last digit
"""


def allreduce(data):
    for i in range(1, len(data)):
        data[i] += data[i - 1].to(data[i].device)
