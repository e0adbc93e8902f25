"""The result is detached.

Fails: gradients are right
Says: carries no graph
"""

def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(~mask, value).detach()
