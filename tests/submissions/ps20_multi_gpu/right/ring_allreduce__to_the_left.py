"""The ring runs the other way round."""


def ring_allreduce(ranks, send):
    n = len(ranks)
    chunks = [list(torch.tensor_split(x, n)) for x in ranks]
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r + step) % n, (r - 1) % n
            chunks[dst][c] += send(r, dst, chunks[r][c])
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r - 1 + step) % n, (r - 1) % n
            chunks[dst][c][:] = send(r, dst, chunks[r][c])
