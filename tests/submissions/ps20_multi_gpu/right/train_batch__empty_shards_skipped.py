"""Gives devices without samples a gradient of zero by hand."""


def train_batch(X, y, device_params, devices, lr):
    m = X.shape[0]
    X_shards, y_shards = split_batch(X, y, devices)
    for params in device_params:
        for p in params:
            p.grad = torch.zeros_like(p)
    for X_shard, y_shard, params in zip(X_shards, y_shards, device_params):
        if len(X_shard) > 0:
            weight = len(X_shard) / m
            (weight * loss(net(X_shard, params), y_shard).mean()).backward()
    for copies in zip(*device_params):
        allreduce([p.grad for p in copies])
    for params in device_params:
        for p in params:
            p.data -= lr * p.grad
