"""Partners by exclusive or: only for powers of two.

Fails: works for any number of processes, and for tensors of any length
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    step = 1
    while step < n:
        partner, received = rank ^ step, torch.empty_like(tensor)
        mine = tensor.clone()
        request = dist.isend(mine, partner)
        dist.recv(received, partner)
        request.wait()
        tensor += received
        step *= 2
    if mean:
        tensor /= n
