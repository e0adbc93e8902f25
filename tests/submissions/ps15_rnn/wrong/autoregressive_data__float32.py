"""Writes into float32 zeros.

Fails: keeps the dtype, and takes numbers in any memory order
"""


def autoregressive_data(x, tau):
    features = torch.zeros(len(x) - tau, tau)
    for i in range(tau):
        features[:, i] = x[i : len(x) - tau + i]
    return features, x[tau:].reshape(-1, 1)
