"""Puts new tensors into the lists of parameters.

Fails: parameters change in place, and stay leaves
"""


def train_batch(X, y, device_params, devices, lr):
    X_shards, y_shards = split_batch(X, y, devices)
    for X_shard, y_shard, params in zip(X_shards, y_shards, device_params):
        loss(net(X_shard, params), y_shard).sum().backward()
    for copies in zip(*device_params):
        allreduce([p.grad for p in copies])
    for params in device_params:
        params[:] = [(p - lr / len(X) * p.grad).detach().requires_grad_() for p in params]
