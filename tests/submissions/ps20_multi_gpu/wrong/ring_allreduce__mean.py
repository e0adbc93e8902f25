"""The mean instead of the sum.

Fails: every rank holds the sum of all
Fails: works for fewer numbers than ranks, and for one rank
Fails: what a rank learns of the others comes through send
Fails: changes the tensors in their own memory, and keeps their dtype
"""


def ring_allreduce(ranks, send):
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(2 * (n - 1)):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            received = send(r, dst, chunks[r][c])
            if step < n - 1:
                chunks[dst][c].add_(received)
            else:
                chunks[dst][c].copy_(received)
    for x in ranks:
        x.copy_(x / n)
