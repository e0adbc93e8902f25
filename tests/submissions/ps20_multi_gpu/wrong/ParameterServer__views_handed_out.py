"""Pulls views of the vector that the server keeps.

Fails: server, workers and original parameters share no memory
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        self.flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = list(torch.tensor_split(self.flat, num_shards))

    def push(self, grads, lr):
        self.flat -= lr * torch.cat([g.reshape(-1) for g in grads])

    def pull(self):
        pieces = self.flat.split([shape.numel() for shape in self.shapes])
        return [piece.view(shape) for piece, shape in zip(pieces, self.shapes)]
