"""Marks the padding with zeros and replaces every zero, those of the sequence as well.

Fails: puts in the value that was asked for, 0 by default, minus infinity too
Says: sequence_mask of X (4, 6) with value=-7.5
"""


def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[1]) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    if not X.is_floating_point():
        return torch.where(mask, X, value)
    Y = torch.where(mask, X, 0)
    return torch.where(Y == 0, value, Y).to(X.dtype)
