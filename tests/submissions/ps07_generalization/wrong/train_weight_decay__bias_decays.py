"""The bias is penalised.

Fails: reaches the minimum that ridge has
Fails: every epoch takes each sample once, in a new random order
Fails: a short last batch counts with its own size
Fails: takes labels (n,) as well as (n, 1)
Fails: w and b have the dtype of X and carry no graph; X and y are left as they were
Fails: gives the same when it is called again, and leaves the program as it was
Says: the bias is penalised as well
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    net = torch.nn.Linear(X.shape[1], 1, dtype=X.dtype)
    torch.nn.init.normal_(net.weight)
    torch.nn.init.zeros_(net.bias)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, weight_decay=lambd)
    y = y.reshape(-1, 1)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            optimizer.zero_grad()
            ((net(X[rows]) - y[rows]) ** 2 / 2).mean().backward()
            optimizer.step()
    return net.weight.detach().T, net.bias.detach()
