"""One step too many in each round: the sum is right in the end, by luck.

Fails: works for fewer numbers than ranks, and for one rank
Fails: each rank sends 2 (n − 1) messages, all to the same neighbour
Fails: each message carries about 1/n of the tensor
"""


def ring_allreduce(ranks, send):
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(n):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            chunks[dst][c].add_(send(r, dst, chunks[r][c]))
    for step in range(n):
        for r in range(n):
            c, dst = (r + 1 - step) % n, (r + 1) % n
            chunks[dst][c].copy_(send(r, dst, chunks[r][c]))
