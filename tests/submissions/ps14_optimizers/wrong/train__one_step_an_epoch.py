"""The optimizer is called after the inner loop: one step an epoch, with the gradients of all batches together.

Fails: each step goes by the mean of the batch's losses, and returns it
Fails: before step t, counted through all epochs, lr is schedule(t)
Fails: without a schedule lr stays, and nothing else in hyperparams is changed
Fails: walks through the data once an epoch
Fails: reads the digits with your own adam and learning_rate: test accuracy at least 88 %
Says: called once an epoch
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    for _ in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X), y).mean()
            value.backward()
            losses.append(value.item())
        if schedule is not None:
            hyperparams["lr"] = schedule(len(losses) - 1)
        optimizer(params, states, hyperparams)
    return losses
