"""Makes an optimizer (with the batch size for its momentum), never steps, and clears nothing, as in the notes. (000 §3.2.2)

Fails: one step equals the step of one device with the whole batch
Fails: every sample counts alike when the shards differ in size
Fails: all copies of a parameter move alike
Fails: gradients of earlier steps do not count
Fails: parameters change in place, and stay leaves
Fails: never computes with tensors of two devices at once
"""

from torch import optim


def train_batch(X, y, device_params, devices, lr):
    X_shards, y_shards = split_batch(X, y, devices)
    ls = [loss(net(X_shard, device_W), y_shard).sum() for X_shard, y_shard, device_W in zip(X_shards, y_shards, device_params)]
    for l in ls:
        l.backward()
    with torch.no_grad():
        for i in range(len(device_params[0])):
            allreduce([device_params[c][i].grad for c in range(len(devices))])
    for param in device_params:
        optim.SGD(param, lr, X.shape[0])
