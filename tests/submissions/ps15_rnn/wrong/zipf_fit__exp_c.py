"""Returns e to the c.

Fails: c is where the line begins, in natural logarithms
Says: e^c stands where c was expected
"""


def zipf_fit(counts, skip=0):
    ordered = sorted(counts, reverse=True)
    u = torch.arange(skip + 1, len(counts) + 1, dtype=torch.float64).log()
    v = torch.tensor(ordered[skip:], dtype=torch.float64).log()
    slope = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return -slope.item(), (v.mean() - slope * u.mean()).exp().item()
