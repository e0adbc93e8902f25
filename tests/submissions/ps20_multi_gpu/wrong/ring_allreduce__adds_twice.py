"""Adds in the second round as well.

Fails: every rank holds the sum of all
Fails: works for fewer numbers than ranks, and for one rank
Fails: changes the tensors in their own memory, and keeps their dtype
"""


def ring_allreduce(ranks, send):
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(2 * (n - 1)):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            chunks[dst][c].add_(send(r, dst, chunks[r][c]))
