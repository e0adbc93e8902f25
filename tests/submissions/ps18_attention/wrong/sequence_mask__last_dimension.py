"""Counts along the last dimension.

Fails: works for X with more dimensions, a whole step at a time
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[-1], device=X.device) < valid_len.reshape(-1, *[1] * (X.ndim - 1))
    return X.masked_fill(~mask, value)
