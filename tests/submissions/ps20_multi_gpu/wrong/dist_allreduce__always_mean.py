"""Divides whether it is asked to or not.

Fails: with two processes both hold the sum
Fails: with four processes all hold the sum
Fails: works for any number of processes, and for tensors of any length
Fails: keeps the dtype: float64 to the last digit, and integers
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    if rank == 0:
        buffer = torch.empty_like(tensor)
        for r in range(1, n):
            dist.recv(buffer, r)
            tensor += buffer
        for r in range(1, n):
            dist.send(tensor, r)
    else:
        dist.send(tensor, 0)
        dist.recv(tensor, 0)
    tensor.copy_(tensor / n)
