"""The shards are a tuple; pull gives a tuple of clones."""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.params = [p.detach().clone() for p in params]
        flat = torch.cat([p.view(-1) for p in self.params])
        self.shards = tuple(s.clone() for s in torch.tensor_split(flat, num_shards))

    @torch.no_grad()
    def push(self, grads, lr):
        start = 0
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard in self.shards:
            shard -= lr * flat[start : start + len(shard)]
            start += len(shard)

    def pull(self):
        pieces = torch.cat(self.shards).split([p.numel() for p in self.params])
        return tuple(piece.reshape(p.shape).clone() for piece, p in zip(pieces, self.params))
