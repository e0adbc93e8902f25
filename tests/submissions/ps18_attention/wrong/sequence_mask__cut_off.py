"""Cuts the batch to its longest sequence.

Fails: a length of 0 replaces all, one of T or more nothing
Says: one length, that of the longest sequence, holds for all
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(~mask, value) if valid_len.max() <= X.shape[1] else X
