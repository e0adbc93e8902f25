"""Pushes the first piece of the gradients to every shard it fits.

Fails: each push makes one step, at once
Fails: what is pulled shows every push
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]

    def push(self, grads, lr):
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard in self.shards:
            shard -= lr * flat[: len(shard)]

    def pull(self):
        pieces = torch.cat(self.shards).split([shape.numel() for shape in self.shapes])
        return [piece.view(shape) for piece, shape in zip(pieces, self.shapes)]
