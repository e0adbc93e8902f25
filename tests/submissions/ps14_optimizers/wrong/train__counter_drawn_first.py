"""zip draws from the counter before it finds that the epoch is over.

Fails: before step t, counted through all epochs, lr is schedule(t)
Says: the schedule is asked for step
"""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    from itertools import count

    params, out, clock = list(net.parameters()), [], count()
    for _ in range(num_epochs):
        for t, (X, y) in zip(clock, data_iter):
            v = loss(net(X), y).mean()
            v.backward()
            if schedule:
                hyperparams["lr"] = schedule(t)
            optimizer(params, states, hyperparams)
            out.append(v.item())
    return out
