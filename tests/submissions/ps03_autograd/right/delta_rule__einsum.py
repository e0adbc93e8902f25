"""Sums by einsum, named deltas."""


def delta_rule(X, W1, W2, T):
    W1, W2 = W1.detach(), W2.detach()
    hidden = torch.einsum("nd,hd->nh", X, W1).sigmoid()
    out = torch.einsum("nh,kh->nk", hidden, W2).sigmoid()
    d_out = torch.einsum("nk,nk,nk->nk", out - T, out, 1 - out)
    d_hidden = torch.einsum("nk,kh->nh", d_out, W2) * hidden * (1 - hidden)
    return torch.einsum("nh,nd->hd", d_hidden, X), torch.einsum("nk,nh->kh", d_out, hidden)
