"""Shifted exponentials, zeroed and divided by their sum."""

def masked_softmax(X, valid_lens=None):
    n, q, k = X.shape
    if valid_lens is None:
        mask = torch.ones_like(X, dtype=torch.bool)
    else:
        lens = valid_lens.reshape(n, -1, 1)
        mask = (torch.arange(k, device=X.device) < lens).expand(n, q, k)
    low = torch.finfo(X.dtype).min
    top = X.masked_fill(~mask, low).amax(dim=-1, keepdim=True)
    powers = torch.exp((X - top).masked_fill(~mask, low))
    powers = torch.where(mask, powers, torch.zeros_like(powers))
    total = powers.sum(dim=-1, keepdim=True)
    return powers / torch.where(total > 0, total, torch.ones_like(total))
