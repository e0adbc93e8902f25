"""Computes everything on device 0 and copies the parameters.

Fails: each device works on its own shard, with its own parameters
"""


def train_batch(X, y, device_params, devices, lr):
    first = device_params[0]
    for p in first:
        p.grad = None
    loss(net(X.to(devices[0]), first), y.to(devices[0])).mean().backward()
    with torch.no_grad():
        for p in first:
            p -= lr * p.grad
        for params in device_params[1:]:
            for p, q in zip(params, first):
                p.copy_(q)
