"""Rank 0 takes the messages in whatever order they come."""


def dist_allreduce(tensor, mean=False):
    rank = dist.get_rank()
    n = dist.get_world_size()
    if rank == 0:
        senders = []
        for _ in range(1, n):
            buffer = torch.zeros_like(tensor)
            senders.append(dist.recv(buffer))
            tensor += buffer
        if mean:
            tensor /= n
        for r in senders:
            dist.send(tensor, dst=r)
    else:
        dist.send(tensor, dst=0)
        dist.recv(tensor, src=0)
