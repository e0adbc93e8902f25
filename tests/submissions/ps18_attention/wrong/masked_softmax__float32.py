"""Computes in float32 and returns it.

Fails: works in half precision
Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
"""

def masked_softmax(X, valid_lens=None):
    X = X.float()
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)
