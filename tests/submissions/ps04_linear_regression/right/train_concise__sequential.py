"""nn.Sequential, as in the notes."""


def train_concise(features, labels, lr, num_epochs, batch_size):
    data_iter = load_array((features, labels), batch_size)
    net = nn.Sequential(nn.Linear(features.shape[1], 1))
    net[0].weight.data.normal_(0, 0.01)
    net[0].bias.data.fill_(0)
    loss = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr=lr)
    for epoch in range(num_epochs):
        for X, y in data_iter:
            l = loss(net(X), y.reshape(-1, 1))
            trainer.zero_grad()
            l.backward()
            trainer.step()
    return net
