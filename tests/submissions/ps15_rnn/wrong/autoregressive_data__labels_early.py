"""The label is the last feature itself.

Fails: the labels are what comes next, in a column
Says: the labels are one place early
"""


def autoregressive_data(x, tau):
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=1)
    return features, x[tau - 1 : -1, None]
