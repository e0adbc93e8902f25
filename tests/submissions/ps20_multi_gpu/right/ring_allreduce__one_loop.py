"""One loop over all 2 (n - 1) steps."""


def ring_allreduce(ranks, send):
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(2 * (n - 1)):
        for r in range(n):
            c = (r - step) % n
            received = send(r, (r + 1) % n, chunks[r][c])
            if step < n - 1:
                chunks[(r + 1) % n][c].add_(received)
            else:
                chunks[(r + 1) % n][c].copy_(received)
