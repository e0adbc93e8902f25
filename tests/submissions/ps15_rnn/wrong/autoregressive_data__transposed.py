"""Features are (tau, T − tau).

Fails: *
"""


def autoregressive_data(x, tau):
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=0)
    return features, x[tau:, None]
