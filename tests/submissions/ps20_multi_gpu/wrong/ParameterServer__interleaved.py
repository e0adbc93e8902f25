"""Deals the numbers out like cards.

Fails: the shards are all parameters end to end, cut as by tensor_split
Fails: each push makes one step, at once
Fails: pushes change the shards in place; dtypes stay; nothing carries a graph
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [flat[i::num_shards].clone() for i in range(num_shards)]

    def push(self, grads, lr):
        flat, n = torch.cat([g.reshape(-1) for g in grads]), len(self.shards)
        for i, shard in enumerate(self.shards):
            shard -= lr * flat[i::n]

    def pull(self):
        n, flat = len(self.shards), torch.empty(sum(len(s) for s in self.shards), dtype=self.shards[0].dtype)
        for i, shard in enumerate(self.shards):
            flat[i::n] = shard
        return [p.view(s) for p, s in zip(flat.split([s.numel() for s in self.shapes]), self.shapes)]
