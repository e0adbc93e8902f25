"""Always puts in 0.

Fails: puts in the value that was asked for, 0 by default, minus infinity too
Says: the value that is put in is always 0
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(~mask, 0)
