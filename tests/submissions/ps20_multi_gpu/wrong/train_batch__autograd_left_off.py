"""Switches autograd off for the step and leaves it so.

Fails: leaves the program as it was
"""

def train_batch(X, y, device_params, devices, lr):
    torch.set_grad_enabled(True)
    X_shards, y_shards = split_batch(X, y, devices)
    for X_shard, y_shard, params in zip(X_shards, y_shards, device_params):
        for p in params:
            p.grad = None
        loss(net(X_shard, params), y_shard).sum().backward()
    torch.set_grad_enabled(False)
    for copies in zip(*device_params):
        allreduce([p.grad for p in copies])
        for p in copies:
            p -= lr / len(X) * p.grad
