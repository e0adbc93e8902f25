"""Keeps everything on one server.

Fails: the shards are all parameters end to end, cut as by tensor_split
Fails: each push makes one step, at once
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        self.shards = [torch.cat([p.detach().reshape(-1) for p in params])]

    def push(self, grads, lr):
        self.shards[0] -= lr * torch.cat([g.reshape(-1) for g in grads])

    def pull(self):
        pieces = self.shards[0].clone().split([shape.numel() for shape in self.shapes])
        return [piece.view(shape) for piece, shape in zip(pieces, self.shapes)]
