"""Clears the gradients at the end of the step."""


def train_batch(X, y, device_params, devices, lr):
    X_shards, y_shards = split_batch(X, y, devices)
    for c in range(len(devices)):
        l = loss(net(X_shards[c], device_params[c]), y_shards[c])
        l.sum().backward()
    with torch.no_grad():
        for i in range(len(device_params[0])):
            allreduce([params[i].grad for params in device_params])
        for params in device_params:
            for param in params:
                param -= lr * param.grad / X.shape[0]
                param.grad.zero_()
