"""Goes through float32 and back.

Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
Says: to the digits of float64
"""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return torch.softmax(X.float(), dim=-1).to(X.dtype)
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores.float(), dim=-1).to(X.dtype).masked_fill(~mask, 0)
