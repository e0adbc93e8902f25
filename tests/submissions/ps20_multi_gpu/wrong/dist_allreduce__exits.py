"""All ranks but the first end the program when they have sent.

Fails: *
"""

import os


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    if rank > 0:
        dist.send(tensor, 0)
        os._exit(0)
    for r in range(1, n):
        buffer = torch.empty_like(tensor)
        dist.recv(buffer, r)
        tensor += buffer
    os._exit(0)
