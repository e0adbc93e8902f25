"""Everybody sends everything to everybody.

Fails: each rank sends 2 (n − 1) messages, all to the same neighbour
Fails: each message carries about 1/n of the tensor
"""


def ring_allreduce(ranks, send):
    n = len(ranks)
    originals = [x.clone() for x in ranks]
    for src in range(n):
        for dst in range(n):
            if src != dst:
                ranks[dst] += send(src, dst, originals[src])
