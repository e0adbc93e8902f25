"""One torch.optim.SGD a device."""


def train_batch(X, y, device_params, devices, lr):
    optimizers = [torch.optim.SGD(params, lr=lr / len(X)) for params in device_params]
    X_shards, y_shards = split_batch(X, y, devices)
    for optimizer, X_shard, y_shard, params in zip(optimizers, X_shards, y_shards, device_params):
        optimizer.zero_grad()
        loss(net(X_shard, params), y_shard).sum().backward()
    for i in range(len(device_params[0])):
        allreduce([params[i].grad for params in device_params])
    for optimizer in optimizers:
        optimizer.step()
