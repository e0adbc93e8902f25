"""Leaves the loop after the first batch.

Fails: a LeNet learns to read three digits
Fails: every epoch trains on every sample, and all parameters move
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
            loss = F.cross_entropy(net(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item() * len(y), count + len(y)
            break
        history.append(total / count)
    return history
