"""The new W2 is float32.

Fails: keeps the dtype, and takes weights in any memory order
Says: has dtype float32
"""


def merge_twins(W1, b1, W2):
    units, twin = torch.unique(torch.cat([W1, b1[:, None]], dim=1), dim=0, return_inverse=True)
    out = torch.zeros(len(W2), len(units)).index_add(1, twin, W2.float())
    return units[:, :-1], units[:, -1], out
