"""Counts the batches first.

Fails: walks through the data once an epoch
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    num_batches = sum(1 for _ in data_iter)
    for _ in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X), y).mean()
            value.backward()
            if schedule is not None:
                hyperparams["lr"] = schedule(len(losses))
            optimizer(params, states, hyperparams)
            losses.append(value.item())
    return losses
