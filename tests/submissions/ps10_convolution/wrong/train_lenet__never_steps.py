"""The optimizer never takes a step.

Fails: a LeNet learns to read three digits
Fails: every epoch trains on every sample, and all parameters move
"""

def train_lenet(net, train_iter, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in train_iter:
            loss = F.cross_entropy(net(X), y)
            optimizer.zero_grad()
            loss.backward()
            total, count = total + loss.item() * len(y), count + len(y)
        history.append(total / count)
    return history
