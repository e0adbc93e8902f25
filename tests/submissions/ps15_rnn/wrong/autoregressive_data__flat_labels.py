"""Labels (T − tau,).

Fails: the labels are what comes next, in a column
Says: the labels have shape (T − tau,)
"""


def autoregressive_data(x, tau):
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=1)
    return features, x[tau:]
