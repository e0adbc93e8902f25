"""Keeps everything in float32.

Fails: pushes change the shards in place; dtypes stay; nothing carries a graph
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1).float() for p in params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]

    def push(self, grads, lr):
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard -= lr * g

    def pull(self):
        pieces = torch.cat(self.shards).split([shape.numel() for shape in self.shapes])
        return [piece.view(shape) for piece, shape in zip(pieces, self.shapes)]
