"""The shift is the largest of all scores, padding too: valid rows may underflow to 0.

Fails: the mask holds whatever the scores are
"""

def masked_softmax(X, valid_lens=None):
    n, q, k = X.shape
    lens = torch.full((n,), k, device=X.device) if valid_lens is None else valid_lens
    mask = torch.arange(k, device=X.device) < lens.reshape(n, -1, 1)
    powers = torch.exp(X - X.amax(dim=-1, keepdim=True)) * mask
    total = powers.sum(dim=-1, keepdim=True)
    return powers / torch.where(total == 0, torch.ones_like(total), total)
