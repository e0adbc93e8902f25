"""Switches the mode.

Fails: without a schedule lr stays, and nothing else in hyperparams is changed
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    net.train()
    for _ in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X), y).mean()
            value.backward()
            if schedule is not None:
                hyperparams["lr"] = schedule(len(losses))
            optimizer(params, states, hyperparams)
            losses.append(value.item())
    return losses
