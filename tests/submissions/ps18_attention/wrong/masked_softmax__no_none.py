"""Needs lengths.

Fails: without lengths it is the softmax over the keys
"""

def masked_softmax(X, valid_lens=None):
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)
