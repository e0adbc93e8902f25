"""The last ranks are left out.

Fails: leaves the first ranks out, and keeps the numbers of the others
Says: the last ranks are left out
"""


def zipf_fit(counts, skip=0):
    ordered = sorted(counts, reverse=True)
    u = torch.arange(1, len(counts) - skip + 1, dtype=torch.float64).log()
    v = torch.tensor(ordered[: len(counts) - skip], dtype=torch.float64).log()
    slope = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return -slope.item(), (v.mean() - slope * u.mean()).item()
