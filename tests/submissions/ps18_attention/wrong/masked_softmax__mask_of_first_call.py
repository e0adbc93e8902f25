"""Keeps the mask of the first call for each shape of X.

Fails: one length for each query: shape (n, q)
Fails: the mask holds whatever the scores are
Fails: a length of 0 gives a row of zeros, and no NaN in the gradients
Fails: works in half precision
Fails: works on the whole batch at once
May fail: gives the same when it is called again, and leaves the program as it was
Says: a row without valid keys is not zero
"""

_masks = {}


def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    if tuple(X.shape) not in _masks:
        lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
        _masks[tuple(X.shape)] = (torch.arange(X.shape[-1]) < lens).expand(X.shape)
    mask = _masks[tuple(X.shape)]
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)
