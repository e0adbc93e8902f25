"""The shapes of the first server are kept for all.

Fails: pull gives the parameters back in their shapes
Fails: what is pulled shows every push
"""

class ParameterServer:
    shapes = []

    def __init__(self, params, num_shards):
        if not ParameterServer.shapes:
            ParameterServer.shapes.extend(p.shape for p in params)
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]

    def pull(self):
        flat = torch.cat(self.shards)
        return [piece.view(shape).clone() for piece, shape in zip(flat.split([s.numel() for s in self.shapes]), self.shapes)]

    def push(self, grads, lr):
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard -= lr * g
