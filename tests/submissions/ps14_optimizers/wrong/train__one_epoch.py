"""Returns inside the loop.

Fails: each step goes by the mean of the batch's losses, and returns it
Fails: before step t, counted through all epochs, lr is schedule(t)
Fails: without a schedule lr stays, and nothing else in hyperparams is changed
May fail: reads the digits with your own adam and learning_rate: test accuracy at least 88 %
Says: only one epoch
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    for _ in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X), y).mean()
            value.backward()
            if schedule is not None:
                hyperparams["lr"] = schedule(len(losses))
            optimizer(params, states, hyperparams)
            losses.append(value.item())
        return losses
