"""The short last batch is left out.

Fails: a short batch counts as well, by the mean over its samples
Says: a batch that is not full is left out
"""


def train_concise(features, labels, lr, num_epochs, batch_size):
    net = nn.Linear(features.shape[1], 1)
    nn.init.normal_(net.weight, 0, 0.01)
    nn.init.zeros_(net.bias)
    loss = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr)
    loader = DataLoader(TensorDataset(features, labels.reshape(-1, 1)), batch_size, shuffle=True, drop_last=True)
    for _ in range(num_epochs):
        for X, y in loader:
            trainer.zero_grad()
            loss(net(X), y).backward()
            trainer.step()
    return net
