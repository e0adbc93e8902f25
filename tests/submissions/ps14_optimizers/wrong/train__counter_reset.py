"""The counter begins again with each epoch.

Fails: before step t, counted through all epochs, lr is schedule(t)
Fails: without a schedule lr stays, and nothing else in hyperparams is changed
Says: begins again with each epoch
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    for _ in range(num_epochs):
        for t, (X, y) in enumerate(data_iter):
            value = loss(net(X), y).mean()
            value.backward()
            if schedule is not None:
                hyperparams["lr"] = schedule(t)
            optimizer(params, states, hyperparams)
            losses.append(value.item())
    return losses
