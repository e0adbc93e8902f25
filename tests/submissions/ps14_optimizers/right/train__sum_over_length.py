"""The sum over the number of samples; autograd.grad."""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    means, steps = [], iter(range(10**9))
    for _ in range(num_epochs):
        for X, y in data_iter:
            each = loss(net(X), y)
            mean = each.sum() / len(each)
            for p, g in zip(net.parameters(), torch.autograd.grad(mean, list(net.parameters()))):
                p.grad = g
            t = next(steps)
            hyperparams["lr"] = hyperparams["lr"] if schedule is None else schedule(t)
            optimizer(list(net.parameters()), states, hyperparams)
            means += [mean.item()]
    return means
