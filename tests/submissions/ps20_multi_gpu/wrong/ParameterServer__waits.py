"""Collects gradients, and steps only at the next push.

Fails: each push makes one step, at once
Fails: what is pulled shows every push
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]
        self.waiting = None

    def push(self, grads, lr):
        flat = lr * torch.cat([g.reshape(-1) for g in grads])
        if self.waiting is None:
            self.waiting = flat
            return
        for shard, g in zip(self.shards, torch.tensor_split(self.waiting, len(self.shards))):
            shard -= g
        self.waiting = flat

    def pull(self):
        pieces = torch.cat(self.shards).split([shape.numel() for shape in self.shapes])
        return [piece.view(shape) for piece, shape in zip(pieces, self.shapes)]
