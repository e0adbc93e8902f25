"""reduce and broadcast.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    dist.reduce(tensor, 0)
    if mean:
        tensor /= dist.get_world_size()
    dist.broadcast(tensor, 0)
