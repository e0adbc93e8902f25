"""The slope between the first and the last point.

Fails: alpha is minus the slope of log count on log rank
Fails: c is where the line begins, in natural logarithms
"""


def zipf_fit(counts, skip=0):
    ordered = sorted(counts, reverse=True)
    u = torch.arange(skip + 1, len(counts) + 1, dtype=torch.float64).log()
    v = torch.tensor(ordered[skip:], dtype=torch.float64).log()
    slope = (v[-1] - v[0]) / (u[-1] - u[0])
    return -slope.item(), (v.mean() - slope * u.mean()).item()
