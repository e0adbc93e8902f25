"""A counter, gradients cleared before as well."""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    t, history = 0, []
    params = [p for p in net.parameters()]
    for epoch in range(num_epochs):
        for batch in data_iter:
            X, y = batch
            if schedule:
                hyperparams["lr"] = schedule(t)
            net.zero_grad()
            losses = loss(net(X), y)
            losses.mean().backward()
            optimizer(params, states, hyperparams)
            history.append(float(losses.detach().mean()))
            t += 1
    return history
