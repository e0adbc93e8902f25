"""A ring with plain send and recv, in which rank 0 begins with recv."""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    travelling = tensor.clone()
    for _ in range(n - 1):
        received = torch.empty_like(tensor)
        if rank == 0:
            dist.recv(received, n - 1)
            dist.send(travelling, 1)
        else:
            dist.send(travelling, (rank + 1) % n)
            dist.recv(received, rank - 1)
        tensor += received
        travelling = received
    if mean:
        tensor /= n
