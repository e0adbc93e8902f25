"""The newest value stands first.

Fails: row t of the features holds x_t … x_{t+tau−1}, oldest first
Says: the newest value stands first
"""


def autoregressive_data(x, tau):
    features = torch.stack([x[tau - 1 - i : len(x) - 1 - i] for i in range(tau)], dim=1)
    return features, x[tau:, None]
