"""Sends every message, but takes the numbers from the other rank's tensor.

Fails: what a rank learns of the others comes through send
"""


def ring_allreduce(ranks, send):
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(2 * (n - 1)):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            send(r, dst, chunks[r][c])
            if step < n - 1:
                chunks[dst][c].add_(chunks[r][c])
            else:
                chunks[dst][c].copy_(chunks[r][c])
