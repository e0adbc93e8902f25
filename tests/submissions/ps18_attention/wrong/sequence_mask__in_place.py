"""Writes the value into the X that was passed in.

Fails: leaves its inputs unchanged
Fails: gradients are right
Says: was changed by the call
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill_(~mask, value)
