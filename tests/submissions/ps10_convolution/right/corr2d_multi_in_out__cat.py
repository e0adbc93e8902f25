"""Concatenates maps with a channel dimension."""

def corr2d_multi_in_out(X, K):
    out = []
    for o in range(K.shape[0]):
        out.append(corr2d_multi_in(X, K[o]).unsqueeze(0))
    return torch.cat(out, dim=0)
