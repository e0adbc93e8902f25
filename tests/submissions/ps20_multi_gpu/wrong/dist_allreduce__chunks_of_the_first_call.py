"""The sizes of the chunks are those of the first call.

Fails: with two processes both hold the sum
"""

_sizes = []
def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    if not _sizes:
        _sizes.extend(len(c) for c in torch.tensor_split(tensor.view(-1), n))
    chunks = tensor.view(-1)[: sum(_sizes)].split([min(s, tensor.numel()) for s in _sizes]) if sum(_sizes) <= tensor.numel() else torch.tensor_split(tensor.view(-1), n)
    for step in range(2 * (n - 1)):
        outgoing, incoming = chunks[(rank - step) % n], chunks[(rank - step - 1) % n]
        received = torch.empty_like(incoming)
        request = dist.isend(outgoing, (rank + 1) % n)
        dist.recv(received, (rank - 1) % n)
        request.wait()
        if step < n - 1:
            incoming.add_(received)
        else:
            incoming.copy_(received)
    if mean:
        tensor /= n
