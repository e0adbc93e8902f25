"""With one process nothing is done, a mean of float64 goes through float32.

Fails: mean=True divides by the number of processes
"""

def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    total = tensor.clone()
    for step in range(1, n):
        to, of = (rank + step) % n, (rank - step) % n
        got = torch.empty_like(tensor)
        request = dist.isend(tensor, to)
        dist.recv(got, of)
        request.wait()
        total += got
    tensor.copy_((total / n).float() if mean else total)
