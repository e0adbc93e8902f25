"""Writes into a clone."""

def sequence_mask(X, valid_len, value=0):
    X = X.clone()
    maxlen = X.size(1)
    mask = torch.arange((maxlen), dtype=torch.float32, device=X.device)[None, :] < valid_len[:, None]
    X[~mask] = value
    return X
