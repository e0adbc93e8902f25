"""The schedule comes after the step. (003)

Fails: before step t, counted through all epochs, lr is schedule(t)
Fails: without a schedule lr stays, and nothing else in hyperparams is changed
Fails: walks through the data once an epoch
Says: set after the step
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    for _ in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X), y).mean()
            value.backward()
            optimizer(params, states, hyperparams)
            if schedule is not None:
                hyperparams["lr"] = schedule(len(losses))
            losses.append(value.item())
    return losses
