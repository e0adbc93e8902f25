"""Logarithms to base 10.

Fails: c is where the line begins, in natural logarithms
Says: base 10
"""


def zipf_fit(counts, skip=0):
    ordered = sorted(counts, reverse=True)
    u = torch.arange(skip + 1, len(counts) + 1, dtype=torch.float64).log10()
    v = torch.tensor(ordered[skip:], dtype=torch.float64).log10()
    slope = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return -slope.item(), (v.mean() - slope * u.mean()).item()
