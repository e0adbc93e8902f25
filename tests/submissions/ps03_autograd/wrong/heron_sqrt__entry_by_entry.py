"""A loop over the entries.

Fails: treats all entries at once
Says: it loops over the entries
"""


def heron_sqrt(a):
    roots = []
    for v in a.reshape(-1):
        x = (v + 1) / 2
        for _ in range(30):
            x = (x + v / x) / 2
        roots.append(x)
    return torch.stack(roots).reshape(a.shape)
