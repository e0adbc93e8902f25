"""A linear layer, torch.optim.SGD with groups, a DataLoader."""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    net = torch.nn.Linear(X.shape[1], 1, dtype=X.dtype)
    torch.nn.init.normal_(net.weight)
    torch.nn.init.zeros_(net.bias)
    data = torch.utils.data.TensorDataset(X, y.reshape(-1, 1))
    loader = torch.utils.data.DataLoader(data, batch_size, shuffle=True)
    optimizer = torch.optim.SGD([{"params": [net.weight], "weight_decay": lambd}, {"params": [net.bias]}], lr=lr)
    loss = torch.nn.MSELoss()
    for _ in range(num_epochs):
        for features, labels in loader:
            optimizer.zero_grad()
            (loss(net(features), labels) / 2).backward()
            optimizer.step()
    return net.weight.detach().reshape(-1, 1), net.bias.detach()
