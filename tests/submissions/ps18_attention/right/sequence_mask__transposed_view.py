"""Moves the dimensions so that the mask fits at the end."""

def sequence_mask(X, valid_len, value=0):
    behind = torch.arange(X.shape[1], device=X.device)[:, None] >= valid_len
    return X.permute(*range(X.ndim - 1, -1, -1)).masked_fill(behind, value).permute(*range(X.ndim - 1, -1, -1))
