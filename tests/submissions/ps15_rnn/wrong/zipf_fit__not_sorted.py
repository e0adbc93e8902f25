"""Takes the counts as they come.

Fails: takes counts in any order
Says: the counts are not sorted
"""


def zipf_fit(counts, skip=0):
    ordered = list(counts)
    u = torch.arange(skip + 1, len(counts) + 1, dtype=torch.float64).log()
    v = torch.tensor(ordered[skip:], dtype=torch.float64).log()
    slope = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return -slope.item(), (v.mean() - slope * u.mean()).item()
