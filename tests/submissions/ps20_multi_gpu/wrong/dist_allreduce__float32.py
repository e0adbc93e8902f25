"""Receives float32.

Fails: mean=True divides by the number of processes
Fails: keeps the dtype: float64 to the last digit, and integers
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    if rank == 0:
        total = tensor.float()
        for r in range(1, n):
            buffer = torch.zeros(tensor.shape)
            dist.recv(buffer, r)
            total = total + buffer
        for r in range(1, n):
            dist.send(total, r)
        tensor.copy_(total)
    else:
        dist.send(tensor.float(), 0)
        buffer = torch.zeros(tensor.shape)
        dist.recv(buffer, 0)
        tensor.copy_(buffer)
    if mean:
        tensor /= n
