"""Knows lengths (n,) only.

Fails: one length for each query: shape (n, q)
"""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    lens = valid_lens.reshape(-1, 1, 1)
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)
