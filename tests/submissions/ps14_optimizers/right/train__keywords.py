"""Everything is handed over by its name."""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    history = []
    for epoch in range(num_epochs):
        for X, y in data_iter:
            mean = torch.mean(loss(net(X), y))
            mean.backward()
            if schedule:
                hyperparams["lr"] = schedule(len(history))
            optimizer(params=list(net.parameters()), states=states, hyperparams=hyperparams)
            history.append(mean.detach().item())
    return history
