"""Trains on the squared error of one-hot labels and returns that.

Fails: returns the mean cross-entropy of each epoch
May fail: a LeNet learns to read three digits
"""

def train_lenet(net, train_iter, num_epochs):
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight, gain=4)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in train_iter:
            loss = F.mse_loss(net(X), F.one_hot(y, 10).float())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item() * len(y), count + len(y)
        history.append(total / count)
    return history
