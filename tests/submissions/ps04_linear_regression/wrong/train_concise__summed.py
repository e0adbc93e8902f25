"""The losses are summed up.

Fails: a step goes against the gradient of the mean squared error, labels (n,) or (n, 1)
Fails: finds the weights and the bias behind 300 samples
Says: the losses of a batch are added up
"""


def train_concise(features, labels, lr, num_epochs, batch_size):
    net = nn.Linear(features.shape[1], 1)
    nn.init.normal_(net.weight, 0, 0.01)
    nn.init.zeros_(net.bias)
    loss = nn.MSELoss(reduction="sum")
    trainer = torch.optim.SGD(net.parameters(), lr)
    for _ in range(num_epochs):
        for X, y in load_array((features, labels.reshape(-1, 1)), batch_size):
            trainer.zero_grad()
            loss(net(X), y).backward()
            trainer.step()
    return net
