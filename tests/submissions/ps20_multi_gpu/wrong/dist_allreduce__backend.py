"""Calls the backend behind the dispatcher's back.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    n = dist.get_world_size()
    backend = dist.distributed_c10d._get_default_group()._get_backend(torch.device("cpu"))
    backend.allreduce([tensor]).wait()
    if mean:
        tensor /= n
