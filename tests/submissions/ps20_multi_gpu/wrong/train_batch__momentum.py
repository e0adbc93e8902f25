"""The optimizer has momentum.

Fails: gradients of earlier steps do not count
"""

_opt = {}
def train_batch(X, y, device_params, devices, lr):
    X_shards, y_shards = split_batch(X, y, devices)
    for X_shard, y_shard, params in zip(X_shards, y_shards, device_params):
        for p in params:
            p.grad = None
        (loss(net(X_shard, params), y_shard).sum() / len(X)).backward()
    for copies in zip(*device_params):
        allreduce([p.grad for p in copies])
    for params in device_params:
        if id(params[0]) not in _opt:
            _opt[id(params[0])] = torch.optim.SGD(params, lr=lr, momentum=0.9)
        _opt[id(params[0])].step()
