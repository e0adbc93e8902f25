"""Writes into float32 zeros.

Fails: *
"""


def autoregressive_data(x, tau):
    features = torch.zeros(len(x) - tau, tau)
    for i in range(tau):
        features[:, i] = x[i : len(x) - tau + i]
    return features, x[tau:].reshape(-1, 1)
