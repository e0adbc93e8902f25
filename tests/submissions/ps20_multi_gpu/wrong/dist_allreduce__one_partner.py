"""Rank 0 listens to rank 1 only; all others wait for ever.

Fails: with four processes all hold the sum
Fails: works for any number of processes, and for tensors of any length
Fails: mean=True divides by the number of processes
Fails: keeps the dtype: float64 to the last digit, and integers
Fails: leaves the program as it was
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    if rank == 0 and n > 1:
        buffer = torch.empty_like(tensor)
        dist.recv(buffer, 1)
        tensor += buffer
        dist.send(tensor, 1)
    elif rank > 0:
        dist.send(tensor, 0)
        dist.recv(tensor, 0)
    if mean:
        tensor /= n
