"""Counts the steps with cumsum, and chooses with torch.where."""


def sequence_mask(X, valid_len, value=0):
    mask = torch.ones(X.shape[:2], dtype=torch.long, device=X.device).cumsum(1) <= valid_len.view(-1, 1)
    while mask.dim() < X.dim():
        mask = mask.unsqueeze(-1)
    return torch.where(mask, X, torch.tensor(value, dtype=X.dtype, device=X.device))
