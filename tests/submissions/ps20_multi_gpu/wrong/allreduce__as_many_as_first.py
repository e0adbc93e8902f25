"""Adds as many tensors as the first call had.

Fails: the list holds the sum of all, in every place
Fails: any dtype and layout, float64 to the last digit
"""

_n = []
def allreduce(data):
    _n.append(len(data))
    total = data[0]
    for x in data[1: _n[0]]:
        total += x.to(total.device)
    for x in data[1:]:
        x.copy_(total)
