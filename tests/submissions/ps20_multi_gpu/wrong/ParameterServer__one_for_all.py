"""All servers of a size share their shards.

Fails: server, workers and original parameters share no memory
Fails: pushes change the shards in place; dtypes stay; nothing carries a graph
"""

_shards = {}


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        key = (len(flat), num_shards)
        if key in _shards:
            for shard, new in zip(_shards[key], torch.tensor_split(flat, num_shards)):
                shard.copy_(new)
        else:
            _shards[key] = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]
        self.shards = _shards[key]

    def pull(self):
        flat = torch.cat(self.shards)
        return [piece.view(shape).clone() for piece, shape in zip(flat.split([s.numel() for s in self.shapes]), self.shapes)]

    def push(self, grads, lr):
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard -= lr * g
