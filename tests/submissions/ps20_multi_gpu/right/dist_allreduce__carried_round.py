"""The whole tensors travel once round the ring; every rank adds what passes by."""


class Ring:
    def __init__(self):
        self.n, self.r = dist.get_world_size(), dist.get_rank()

    def shift(self, out, into):
        works = [dist.irecv(into, (self.r - 1) % self.n), dist.isend(out, (self.r + 1) % self.n)]
        [w.wait() for w in works]


def dist_allreduce(tensor, mean=False):
    ring = Ring()
    n, r = ring.n, ring.r
    if n > 1:
        moving, total = tensor.clone(), tensor.clone()
        for _ in range(n - 1):
            got = torch.empty_like(moving)
            ring.shift(moving, got)
            total += got
            moving = got
        tensor.copy_(total)
    if mean:
        tensor.div_(n)
