"""Rank 0 receives into its own tensor.

Fails: with two processes both hold the sum
Fails: with four processes all hold the sum
Fails: works for any number of processes, and for tensors of any length
Fails: mean=True divides by the number of processes
Fails: keeps the dtype: float64 to the last digit, and integers
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    if rank == 0:
        for r in range(1, n):
            dist.recv(tensor, r)
            tensor += tensor
        for r in range(1, n):
            dist.send(tensor, r)
    else:
        dist.send(tensor, 0)
        dist.recv(tensor, 0)
    if mean:
        tensor /= n
