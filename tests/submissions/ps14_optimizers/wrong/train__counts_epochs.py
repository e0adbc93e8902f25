"""Epochs are counted.

Fails: before step t, counted through all epochs, lr is schedule(t)
Fails: without a schedule lr stays, and nothing else in hyperparams is changed
Fails: walks through the data once an epoch
May fail: reads the digits with your own adam and learning_rate: test accuracy at least 88 %
Says: epochs are counted
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    for epoch in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X), y).mean()
            value.backward()
            if schedule is not None:
                hyperparams["lr"] = schedule(epoch)
            optimizer(params, states, hyperparams)
            losses.append(value.item())
    return losses
