"""Leaves out the first counts of the list as it comes.

Fails: leaves the first ranks out, and keeps the numbers of the others
Fails: leaves its list unchanged, and gives the same at a later call
Says: the list has to be sorted first
"""


def zipf_fit(counts, skip=0):
    ordered = sorted(counts[skip:], reverse=True)
    u = torch.arange(skip + 1, len(counts) + 1).double().log()
    v = torch.tensor(ordered).double().log()
    s = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return -s.item(), (v.mean() - s * u.mean()).item()
