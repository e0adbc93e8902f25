"""The last row is missing in both.

Fails: row t of the features holds x_t … x_{t+tau−1}, oldest first
Says: the last row is missing
"""


def autoregressive_data(x, tau):
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=1)
    return features[:-1], x[tau:-1, None]
