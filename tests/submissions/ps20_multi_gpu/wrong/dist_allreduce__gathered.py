"""Gathers everything on all ranks with all_gather.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    n = dist.get_world_size()
    parts = [torch.empty_like(tensor) for _ in range(n)]
    dist.all_gather(parts, tensor)
    tensor.copy_(sum(parts))
    if mean:
        tensor /= n
