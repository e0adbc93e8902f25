"""All ranks send first: a deadlock.

Fails: *
"""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    chunks = torch.tensor_split(tensor.view(-1), n)
    for step in range(2 * (n - 1)):
        incoming = chunks[(rank - step - 1) % n]
        received = torch.empty_like(incoming)
        dist.send(chunks[(rank - step) % n], (rank + 1) % n)
        dist.recv(received, (rank - 1) % n)
        if step < n - 1:
            incoming.add_(received)
        else:
            incoming.copy_(received)
    if mean:
        tensor /= n
