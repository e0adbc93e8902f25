"""A straight line through the counts.

Fails: alpha is minus the slope of log count on log rank
Says: no logarithms
"""


def zipf_fit(counts, skip=0):
    ordered = sorted(counts, reverse=True)
    u = torch.arange(skip + 1, len(counts) + 1, dtype=torch.float64)
    v = torch.tensor(ordered[skip:], dtype=torch.float64)
    slope = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return -slope.item(), (v.mean() - slope * u.mean()).item()
