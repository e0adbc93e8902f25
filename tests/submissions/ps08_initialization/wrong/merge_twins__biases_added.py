"""The biases of twins are added, too.

Fails: each group of twins becomes one unit, with the sum of their outgoing weights
Says: the incoming weights or the biases of twins are added, too
"""


def merge_twins(W1, b1, W2):
    units = torch.cat([W1, b1[:, None]], 1)
    rows, twin = torch.unique(units, dim=0, return_inverse=True)
    return rows[:, :-1], torch.zeros(len(rows), dtype=b1.dtype).index_add_(0, twin, b1), torch.zeros(len(W2), len(rows), dtype=W2.dtype).index_add_(1, twin, W2)
