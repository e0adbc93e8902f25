"""Everything to rank 0, and back."""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    if rank == 0:
        buffer = torch.empty_like(tensor)
        for r in range(1, n):
            dist.recv(buffer, r)
            tensor += buffer
        if mean:
            tensor /= n
        for r in range(1, n):
            dist.send(tensor, r)
    else:
        dist.send(tensor, 0)
        dist.recv(tensor, 0)
