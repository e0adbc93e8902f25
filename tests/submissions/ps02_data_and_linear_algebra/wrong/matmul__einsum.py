"""einsum.

Fails: *
Says: write it yourself
"""


def matmul(X, Y):
    if X.ndim == 1 and Y.ndim == 1:
        return torch.einsum("n,n->", X, Y)
    if X.ndim == 1:
        return torch.einsum("n,...np->...p", X, Y)
    if Y.ndim == 1:
        return torch.einsum("...mn,n->...m", X, Y)
    return torch.einsum("...mn,...np->...mp", X, Y)
