"""Sees the key at the valid length as well.

Fails: one length for each sequence: shape (n,)
Fails: one length for each query: shape (n, q)
Fails: a length of 0 gives a row of zeros, and no NaN in the gradients
Says: one key too many is seen: valid are the keys 0 … length - 1
"""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) <= lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)
