"""Labels (n,) are left as they came.

Fails: a step goes against the gradient of the mean squared error, labels (n,) or (n, 1)
Says: broadcasting pairs every prediction with every label
"""


def train_concise(features, labels, lr, num_epochs, batch_size):
    net = nn.Linear(features.shape[1], 1)
    nn.init.normal_(net.weight, 0, 0.01)
    nn.init.zeros_(net.bias)
    loss = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr)
    for _ in range(num_epochs):
        for X, y in load_array((features, labels), batch_size):
            trainer.zero_grad()
            loss(net(X), y).backward()
            trainer.step()
    return net
