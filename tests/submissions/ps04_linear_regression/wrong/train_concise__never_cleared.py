"""zero_grad is forgotten.

Fails: every sample counts once in every epoch
Fails: finds the weights and the bias behind 300 samples
"""


def train_concise(features, labels, lr, num_epochs, batch_size):
    net = nn.Linear(features.shape[1], 1)
    nn.init.normal_(net.weight, 0, 0.01)
    nn.init.zeros_(net.bias)
    loss = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr)
    for _ in range(num_epochs):
        for X, y in load_array((features, labels.reshape(-1, 1)), batch_size):
            loss(net(X), y).backward()
            trainer.step()
    return net
