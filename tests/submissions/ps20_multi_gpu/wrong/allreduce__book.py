"""Puts new tensors into the list, as in the notes: the owners of tensors 1, 2, … never see the sum. (000 §3.2.2)

Fails: the tensors themselves change, under whatever name the caller has them
"""


def allreduce(data):
    for i in range(1, len(data)):
        data[0][:] += data[i].to(data[0].device)
    for i in range(1, len(data)):
        data[i] = data[0].to(data[i].device)
