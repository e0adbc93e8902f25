"""There is one window more than labels.

Fails: row t of the features holds x_t … x_{t+tau−1}, oldest first
Says: one window too many
"""


def autoregressive_data(x, tau):
    features = torch.stack([x[i : len(x) - tau + i + 1] for i in range(tau)], dim=1)
    return features, x[tau:, None]
