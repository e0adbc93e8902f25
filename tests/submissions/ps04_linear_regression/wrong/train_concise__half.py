"""A ½ before the loss.

Fails: a step goes against the gradient of the mean squared error, labels (n,) or (n, 1)
Says: the loss has a ½
"""


def train_concise(features, labels, lr, num_epochs, batch_size):
    net = nn.Linear(features.shape[1], 1)
    nn.init.normal_(net.weight, 0, 0.01)
    nn.init.zeros_(net.bias)
    trainer = torch.optim.SGD(net.parameters(), lr)
    for _ in range(num_epochs):
        for X, y in load_array((features, labels.reshape(-1, 1)), batch_size):
            trainer.zero_grad()
            squared_loss(net(X), y).mean().backward()
            trainer.step()
    return net
