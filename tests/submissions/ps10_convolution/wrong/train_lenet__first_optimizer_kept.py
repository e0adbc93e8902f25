"""Every network is trained with the optimizer of the first.

Fails: every epoch trains on every sample, and all parameters move
Fails: old gradients are cleared before the next backward pass
"""

_kept = {}


def train_lenet(net, train_iter, num_epochs):
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight, gain=4)
    optimizer = _kept.setdefault("optimizer", torch.optim.Adam(net.parameters(), lr=0.005))
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in train_iter:
            loss = F.cross_entropy(net(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item() * len(y), count + len(y)
        history.append(total / count)
    return history
