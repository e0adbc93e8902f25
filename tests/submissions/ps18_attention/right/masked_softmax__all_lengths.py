"""No lengths means all keys: one way for all cases."""

def masked_softmax(X, valid_lens=None):
    n, q, k = X.shape
    if valid_lens is None:
        valid_lens = torch.full((n, q), k, device=X.device)
    if valid_lens.ndim == 1:
        valid_lens = torch.stack([valid_lens] * q, dim=1)
    visible = torch.arange(k, device=X.device).expand(n, q, k) < valid_lens[..., None]
    empty = (valid_lens == 0)[..., None]
    A = torch.softmax(X.masked_fill(~visible & ~empty, -math.inf), dim=-1)
    return A.masked_fill(empty, 0.0)
