"""Concatenates blocks of zeros."""

def pad2d(X, padding):
    ph, pw = pair(padding)
    lead, h, w = X.shape[:-2], X.shape[-2], X.shape[-1]
    side = torch.zeros(*lead, h, pw, dtype=X.dtype, device=X.device)
    middle = torch.cat([side, X, side], dim=-1)
    bar = torch.zeros(*lead, ph, w + 2 * pw, dtype=X.dtype, device=X.device)
    return torch.cat([bar, middle, bar], dim=-2)
