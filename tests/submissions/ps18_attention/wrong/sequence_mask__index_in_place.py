"""Writes into the X that was passed in, by index.

Fails: leaves its inputs unchanged
Fails: gradients are right
Says: was changed by the call
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.size(1), device=X.device)[None, :] < valid_len[:, None]
    X[~mask] = value
    return X
