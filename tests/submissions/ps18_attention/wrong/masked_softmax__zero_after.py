"""Zeroes after the softmax: the padding has taken its share. (004 masked softmax)

Fails: one length for each sequence: shape (n,)
Fails: one length for each query: shape (n, q)
Says: the softmax comes first and the padding is zeroed afterwards
"""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(X, dim=-1).masked_fill(~mask, 0)
