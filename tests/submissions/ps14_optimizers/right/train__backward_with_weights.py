"""backward() of the losses with weights 1/n."""


def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    losses = []
    for epoch in range(num_epochs):
        for X, y in data_iter:
            out = loss(net(X), y)
            out.backward(torch.full_like(out, 1 / out.numel()))
            if schedule is not None:
                hyperparams.update(lr=schedule(len(losses)))
            optimizer([*net.parameters()], states, hyperparams)
            losses.append(out.mean().item())
    return losses
