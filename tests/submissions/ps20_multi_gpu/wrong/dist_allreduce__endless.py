"""Asks again and again whether something has come.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    buffer = torch.empty_like(tensor)
    request = dist.irecv(buffer, (rank - 1) % n) if n > 1 else None
    while n > 1 and not request.is_completed():
        pass
    while True:
        tensor.add_(0)
