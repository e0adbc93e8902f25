"""Keeps the parameters besides the shards, and pulls from there.

Fails: what is pulled shows every push
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.params = [p.detach().clone() for p in params]
        flat = torch.cat([p.reshape(-1) for p in self.params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]

    def push(self, grads, lr):
        for p, g in zip(self.params, grads):
            p -= lr * g
        flat = torch.cat([p.reshape(-1) for p in self.params])
        for shard, new in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard.copy_(new)

    def pull(self):
        return [p.clone() for p in self.params]
