"""The loops of the notes, with step and clearing put in."""


def train_batch(X, y, device_params, devices, lr):
    X_shards, y_shards = split_batch(X, y, devices)
    for params in device_params:
        for p in params:
            p.grad = None
    ls = [loss(net(X_shard, W), y_shard).sum() for X_shard, y_shard, W in zip(X_shards, y_shards, device_params)]
    for l in ls:
        l.backward()
    with torch.no_grad():
        for i in range(len(device_params[0])):
            allreduce([device_params[c][i].grad for c in range(len(devices))])
        for params in device_params:
            for p in params:
                p -= lr * p.grad / X.shape[0]
