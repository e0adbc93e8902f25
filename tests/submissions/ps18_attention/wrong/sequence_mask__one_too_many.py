"""Keeps the step at the valid length as well.

Fails: keeps the first steps of each sequence and replaces the others, for X (n, T)
Fails: works for X with more dimensions, a whole step at a time
Fails: a length of 0 replaces all, one of T or more nothing
Says: the step at the valid length is kept as well: valid are the steps 0 … length - 1
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[1], device=X.device) <= valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(~mask, value)
