"""The default is minus infinity.

Fails: puts in the value that was asked for, 0 by default, minus infinity too
"""

def sequence_mask(X, valid_len, value=float("-inf")):
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(~mask, value)
