"""A ring of batch_isend_irecv."""


def dist_allreduce(tensor, mean=False):
    rank, n = dist.get_rank(), dist.get_world_size()
    flat = tensor.view(-1)
    chunks = list(flat.tensor_split(n))
    for step in range(2 * n - 2):
        out, into = chunks[(rank - step) % n], chunks[(rank - step - 1) % n]
        buffer = torch.empty_like(into)
        ops = [dist.P2POp(dist.isend, out, (rank + 1) % n), dist.P2POp(dist.irecv, buffer, (rank - 1) % n)]
        for work in dist.batch_isend_irecv(ops):
            work.wait()
        into.copy_(into + buffer if step < n - 1 else buffer)
    if mean:
        flat.div_(n)
