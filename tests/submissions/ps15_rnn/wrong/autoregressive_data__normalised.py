"""Subtracts the mean first, in place.

Fails: row t of the features holds x_t … x_{t+tau−1}, oldest first
Fails: the labels are what comes next, in a column
Fails: leaves its inputs unchanged
"""


def autoregressive_data(x, tau):
    x -= x.mean()
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=1)
    return features, x[tau:, None]
