"""Sends float64 copies, to lose nothing on the way: twice the bytes.

Fails: changes the tensors in their own memory, and keeps their dtype
Fails: each message carries about 1/n of the tensor
"""


def ring_allreduce(ranks, send):
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(2 * (n - 1)):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            received = send(r, dst, chunks[r][c].double()).to(chunks[dst][c].dtype)
            if step < n - 1:
                chunks[dst][c].add_(received)
            else:
                chunks[dst][c].copy_(received)
