"""Everybody sends to everybody, all at once."""


def dist_allreduce(tensor, mean=False):
    me, n = dist.get_rank(), dist.get_world_size()
    others = [r for r in range(n) if r != me]
    mine = tensor.clone()
    buffers = {r: torch.empty_like(tensor) for r in others}
    requests = [dist.irecv(buffers[r], r) for r in others] + [dist.isend(mine, r) for r in others]
    for request in requests:
        request.wait()
    for r in others:
        tensor += buffers[r]
    if mean:
        tensor /= n
