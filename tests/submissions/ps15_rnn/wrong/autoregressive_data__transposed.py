"""Features are (tau, T − tau).

Fails: row t of the features holds x_t … x_{t+tau−1}, oldest first
"""


def autoregressive_data(x, tau):
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=0)
    return features, x[tau:, None]
