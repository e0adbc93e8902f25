"""One server a parameter, not equal pieces.

Fails: the shards are all parameters end to end, cut as by tensor_split
Fails: each push makes one step, at once
"""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [p.shape for p in params]
        self.shards = [p.detach().clone().reshape(-1) for p in params][:num_shards]

    def push(self, grads, lr):
        for shard, g in zip(self.shards, grads):
            shard -= lr * g.reshape(-1)

    def pull(self):
        return [shard.clone().view(shape) for shard, shape in zip(self.shards, self.shapes)]
