"""torch.sqrt.

Fails: *
Says: torch.sqrt
"""


def heron_sqrt(a):
    return torch.sqrt(a)
