"""einsum with the kernel's two empty dimensions left in."""

def corr2d_multi_in_out_1x1(X, K):
    return torch.einsum("chw,ocab->ohw", X, K)
