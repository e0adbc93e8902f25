"""The slope of the inverse regression.

Fails: alpha is minus the slope of log count on log rank
Says: log rank is fitted by log count
"""


def zipf_fit(counts, skip=0):
    ordered = sorted(counts, reverse=True)
    u = torch.arange(skip + 1, len(counts) + 1, dtype=torch.float64).log()
    v = torch.tensor(ordered[skip:], dtype=torch.float64).log()
    slope = ((v - v.mean()) ** 2).sum() / ((u - u.mean()) * (v - v.mean())).sum()
    return -slope.item(), (v.mean() - slope * u.mean()).item()
