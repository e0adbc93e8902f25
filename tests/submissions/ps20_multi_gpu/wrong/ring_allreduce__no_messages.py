"""Adds up directly; nothing is sent.

Fails: each rank sends 2 (n − 1) messages, all to the same neighbour
Fails: each message carries about 1/n of the tensor
Fails: what a rank learns of the others comes through send
"""


def ring_allreduce(ranks, send):
    total = sum(ranks)
    for x in ranks:
        x.copy_(total)
