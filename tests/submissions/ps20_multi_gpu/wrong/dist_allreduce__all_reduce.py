"""Lets dist.all_reduce do the work.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    dist.all_reduce(tensor)
    if mean:
        tensor /= dist.get_world_size()
