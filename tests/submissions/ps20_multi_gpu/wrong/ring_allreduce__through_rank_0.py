"""Everything to rank 0, and back.

Fails: each rank sends 2 (n − 1) messages, all to the same neighbour
Fails: each message carries about 1/n of the tensor
"""


def ring_allreduce(ranks, send):
    for r in range(1, len(ranks)):
        ranks[0] += send(r, 0, ranks[r])
    for r in range(1, len(ranks)):
        ranks[r].copy_(send(0, r, ranks[0]))
