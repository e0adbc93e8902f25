"""Pairs up to the root, and down again."""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    step = 1
    while step < n:
        if rank % (2 * step) == step:
            dist.send(tensor, rank - step)
            dist.recv(tensor, rank - step)
            break
        if rank + step < n:
            buffer = torch.empty_like(tensor)
            dist.recv(buffer, rank + step)
            tensor += buffer
        step *= 2
    below = step // 2
    while below >= 1:
        if rank + below < n and rank % (2 * below) == 0:
            dist.send(tensor, rank + below)
        below //= 2
    if mean:
        tensor /= n
