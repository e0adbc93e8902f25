"""A push leaves autograd off.

Fails: pushes change the shards in place; dtypes stay; nothing carries a graph
"""

class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]

    def pull(self):
        flat = torch.cat(self.shards)
        return [piece.view(shape).clone() for piece, shape in zip(flat.split([s.numel() for s in self.shapes]), self.shapes)]

    def push(self, grads, lr):
        torch.set_grad_enabled(False)
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard -= lr * g
