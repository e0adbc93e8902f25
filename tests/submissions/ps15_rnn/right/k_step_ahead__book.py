"""As the book does it: columns of a table, the first tau from x, the others from the net."""


def k_step_ahead(net, x, tau, k):
    T = len(x)
    features = torch.zeros((T - tau - k + 1, tau + k), dtype=x.dtype)
    for i in range(tau):
        features[:, i] = x[i: i + T - tau - k + 1]
    for i in range(tau, tau + k):
        features[:, i] = net(features[:, i - tau:i].clone()).reshape(-1).detach()
    return features[:, -1]
