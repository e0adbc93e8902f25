"""Leaves autograd off.

Fails: leaves the program as it was
"""

def ring_allreduce(ranks, send):
    torch.set_grad_enabled(False)
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            chunks[dst][c].add_(send(r, dst, chunks[r][c]))
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r + 1 - step) % n, (r + 1) % n
            chunks[dst][c].copy_(send(r, dst, chunks[r][c]))
