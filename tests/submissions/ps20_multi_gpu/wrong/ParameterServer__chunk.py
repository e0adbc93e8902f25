"""torch.chunk makes too few shards.

Fails: the shards are all parameters end to end, cut as by tensor_split
Fails: each push makes one step, at once
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [shard.clone() for shard in flat.chunk(num_shards)]

    def push(self, grads, lr):
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, flat.split([len(s) for s in self.shards])):
            shard -= lr * g

    def pull(self):
        pieces = torch.cat(self.shards).split([shape.numel() for shape in self.shapes])
        return [piece.view(shape) for piece, shape in zip(pieces, self.shapes)]
