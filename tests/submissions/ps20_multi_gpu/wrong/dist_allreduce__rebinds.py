"""`tensor = tensor + …` leaves the caller's tensor as it was.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    mine = tensor.clone()
    for r in range(n):
        if r != rank:
            buffer = torch.empty_like(tensor)
            request = dist.isend(mine, r)
            dist.recv(buffer, r)
            request.wait()
            tensor = tensor + buffer
    if mean:
        tensor = tensor / n
    return tensor
