"""The losses are divided by the size of the batch before backward."""


def train_batch(X, y, device_params, devices, lr):
    m = X.shape[0]
    Xs, ys = split_batch(X, y, devices)
    for k in range(len(devices)):
        for p in device_params[k]:
            if p.grad is not None:
                p.grad.zero_()
        l = loss(net(Xs[k], device_params[k]), ys[k]).sum() / m
        l.backward()
    for i in range(len(device_params[0])):
        grads = []
        for k in range(len(devices)):
            grads.append(device_params[k][i].grad)
        allreduce(grads)
    for k in range(len(devices)):
        for p in device_params[k]:
            p.data -= lr * p.grad
