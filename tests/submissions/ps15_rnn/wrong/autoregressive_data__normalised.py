"""Subtracts the mean first, in place.

Fails: *
"""


def autoregressive_data(x, tau):
    x -= x.mean()
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=1)
    return features, x[tau:, None]
