"""Replaces the valid part.

Fails: keeps the first steps of each sequence and replaces the others, for X (n, T)
Fails: works for X with more dimensions, a whole step at a time
Fails: puts in the value that was asked for, 0 by default, minus infinity too
Fails: a length of 0 replaces all, one of T or more nothing
Fails: keeps the dtype, and takes numbers in any memory order
Says: the valid part is replaced and the padding kept
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(mask, value)
