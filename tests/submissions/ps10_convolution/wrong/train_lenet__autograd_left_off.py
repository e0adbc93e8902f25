"""Switches autograd off when it is done, for the whole program.

Fails: leaves the program as it was
"""

def train_lenet(net, train_iter, num_epochs):
    torch.set_grad_enabled(True)
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
        history.append(total / count)
    torch.set_grad_enabled(False)
    return history
