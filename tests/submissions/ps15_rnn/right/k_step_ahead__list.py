"""A list of columns, of which the last tau are read."""


def k_step_ahead(net, x, tau, k):
    n = len(x) - tau - k + 1
    columns = [x[i : i + n].reshape(n, 1) for i in range(tau)]
    while len(columns) < tau + k:
        columns.append(net(torch.cat(columns[-tau:], dim=1)))
    return columns[-1].squeeze(1)
