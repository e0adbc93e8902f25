"""The softmax runs over queries and keys together.

Fails: without lengths it is the softmax over the keys
Fails: one length for each sequence: shape (n,)
Fails: one length for each query: shape (n, q)
Fails: stays finite for large scores
Says: it is taken over queries and keys together
"""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X.flatten(1), dim=1).reshape(X.shape)
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores.flatten(1), dim=1).reshape(X.shape).masked_fill(~mask, 0)
