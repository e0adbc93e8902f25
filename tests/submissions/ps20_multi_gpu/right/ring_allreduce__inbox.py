"""All messages of a step are sent before any of them is used."""


def ring_allreduce(ranks, send):
    n = len(ranks)
    C = [x.tensor_split(n) for x in ranks]
    for first, combine in ((0, torch.Tensor.add_), (1, torch.Tensor.copy_)):
        for s in range(n - 1):
            inbox = [send((r - 1) % n, r, C[r - 1][(r - 1 + first - s) % n]) for r in range(n)]
            for r, got in enumerate(inbox):
                combine(C[r][(r - 1 + first - s) % n], got)
