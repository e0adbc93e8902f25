"""The table of chunks is made once.

Fails: every rank holds the sum of all
"""

_table = []
def ring_allreduce(ranks, send):
    n = len(ranks)
    if not _table:
        _table.extend(t.shape[0] for t in torch.tensor_split(ranks[0], n))
    chunks = [x.split(_table) for x in ranks]
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            chunks[dst][c].add_(send(r, dst, chunks[r][c]))
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r + 1 - step) % n, (r + 1) % n
            chunks[dst][c].copy_(send(r, dst, chunks[r][c]))
