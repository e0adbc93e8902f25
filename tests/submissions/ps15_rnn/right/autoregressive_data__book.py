"""As the book does it: columns are written into zeros."""


def autoregressive_data(x, tau):
    T = len(x)
    features = torch.zeros((T - tau, tau), dtype=x.dtype, device=x.device)
    for i in range(tau):
        features[:, i] = x[i: T - tau + i]
    labels = x[tau:].reshape((-1, 1))
    return features, labels
