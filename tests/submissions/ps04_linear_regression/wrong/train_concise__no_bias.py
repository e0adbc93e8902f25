"""A layer without a bias.

Fails: starts from small random weights and a bias of 0
Fails: finds the weights and the bias behind 300 samples
"""


def train_concise(features, labels, lr, num_epochs, batch_size):
    net = nn.Linear(features.shape[1], 1, bias=False)
    nn.init.normal_(net.weight, 0, 0.01)
    loss = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr)
    for _ in range(num_epochs):
        for X, y in load_array((features, labels.reshape(-1, 1)), batch_size):
            trainer.zero_grad()
            loss(net(X), y).backward()
            trainer.step()
    return net
