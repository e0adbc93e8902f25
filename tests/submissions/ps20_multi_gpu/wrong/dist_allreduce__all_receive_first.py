"""All ranks receive first: a deadlock.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    buffer = torch.empty_like(tensor)
    for r in range(n):
        if r != rank:
            dist.recv(buffer, r)
            dist.send(tensor, r)
            tensor += buffer
    if mean:
        tensor /= n
