"""Exponentials without the shift.

Fails: the mask holds whatever the scores are
Fails: stays finite for large scores
"""

def masked_softmax(X, valid_lens=None):
    n, q, k = X.shape
    lens = torch.full((n,), k, device=X.device) if valid_lens is None else valid_lens
    mask = torch.arange(k, device=X.device) < lens.reshape(n, -1, 1)
    powers = torch.exp(X) * mask
    return powers / powers.sum(dim=-1, keepdim=True).clamp(min=1e-30)
