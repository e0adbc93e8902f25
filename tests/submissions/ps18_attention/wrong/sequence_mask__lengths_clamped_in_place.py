"""Cuts the lengths down to T in place, and counts from the end.

Fails: leaves its inputs unchanged
Says: was changed by the call
"""

def sequence_mask(X, valid_len, value=0):
    valid_len -= 1
    mask = torch.arange(X.shape[1], device=X.device) <= valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(~mask, value)
