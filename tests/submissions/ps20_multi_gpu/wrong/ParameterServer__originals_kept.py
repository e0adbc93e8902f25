"""Steps on the original parameters too.

Fails: what is pulled shows every push
Fails: server, workers and original parameters share no memory
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.params = [p.detach() for p in params]
        flat = torch.cat([p.reshape(-1) for p in self.params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]

    def push(self, grads, lr):
        for p, g in zip(self.params, grads):
            p -= lr * g
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard -= lr * g

    def pull(self):
        return [p.clone() for p in self.params]
