"""Casts the batches to float32.

Fails: takes batches in float64, and in any memory order
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    params, losses = list(net.parameters()), []
    for _ in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X.float()), y).mean()
            value.backward()
            if schedule is not None:
                hyperparams["lr"] = schedule(len(losses))
            optimizer(params, states, hyperparams)
            losses.append(value.item())
    return losses
