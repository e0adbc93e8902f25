"""Pulls one long vector.

Fails: pull gives the parameters back in their shapes
Fails: what is pulled shows every push
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]

    def push(self, grads, lr):
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard -= lr * g

    def pull(self):
        return [torch.cat(self.shards)]
