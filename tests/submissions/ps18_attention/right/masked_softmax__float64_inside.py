"""Computes in float64 and goes back to the dtype of X."""

def masked_softmax(X, valid_lens=None):
    Z = X.double()
    if valid_lens is not None:
        valid_lens = valid_lens.view(len(X), -1, 1)
        dead = torch.arange(X.size(-1), device=X.device) >= valid_lens
        Z = Z.masked_fill(dead, -1e300)
    P = Z.softmax(-1)
    if valid_lens is not None:
        P = P.masked_fill(dead, 0)
    return P.to(X.dtype)
