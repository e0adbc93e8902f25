"""torch.where with a scalar."""

def sequence_mask(X, valid_len, value=0):
    steps = torch.arange(X.shape[1], device=X.device)
    keep = steps.unsqueeze(0) < valid_len.unsqueeze(1)
    while keep.dim() < X.dim():
        keep = keep.unsqueeze(-1)
    return torch.where(keep, X, value)
