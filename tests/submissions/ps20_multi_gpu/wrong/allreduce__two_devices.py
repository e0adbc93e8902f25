"""Only for two devices.

Fails: the list holds the sum of all, in every place
Fails: the tensors themselves change, under whatever name the caller has them
Fails: any dtype and layout, float64 to the last digit
"""


def allreduce(data):
    if len(data) > 1:
        data[0] += data[1].to(data[0].device)
        data[1].copy_(data[0])
