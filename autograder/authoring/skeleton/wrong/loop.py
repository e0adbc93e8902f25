"""Loops over the rows.

Fails: needs no loop over the rows
"""


def scale_rows(X):
    return torch.stack([row / row.abs().sum() for row in X])
