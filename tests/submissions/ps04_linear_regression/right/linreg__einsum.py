"""Written as a sum of products."""


def linreg(X, w, b):
    return torch.einsum("nd,dk->nk", X, w) + b
