"""Repeats the lengths in the order a, b, a, b.

Fails: one length for each sequence: shape (n,)
Fails: a length of 0 gives a row of zeros, and no NaN in the gradients
Says: the lengths are repeated in the order a, b, a, b; each belongs to all queries of its sequence: a, a, b, b
"""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    lens = valid_lens.repeat(X.shape[1]).reshape(X.shape[0], X.shape[1], 1) if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)
