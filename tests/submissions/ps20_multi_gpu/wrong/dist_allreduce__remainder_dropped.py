"""Chunks of numel // n: the rest is not summed.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    flat = tensor.view(-1)
    size = len(flat) // n
    chunks = [flat[i * size : (i + 1) * size] for i in range(n)]
    for step in range(2 * (n - 1)):
        outgoing, incoming = chunks[(rank - step) % n], chunks[(rank - step - 1) % n]
        received = torch.empty_like(incoming)
        request = dist.isend(outgoing, (rank + 1) % n)
        dist.recv(received, (rank - 1) % n)
        request.wait()
        incoming.copy_(incoming + received if step < n - 1 else received)
    if mean:
        tensor /= n
