"""Gives the optimizer the last layer only.

Fails: a LeNet learns to read three digits
Fails: every epoch trains on every sample, and all parameters move
Fails: old gradients are cleared before the next backward pass
"""

def train_lenet(net, train_iter, num_epochs):
    optimizer = torch.optim.Adam(list(net.parameters())[-2:], lr=0.005)
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
