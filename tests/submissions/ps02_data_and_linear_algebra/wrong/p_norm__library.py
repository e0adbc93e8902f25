"""vector_norm.

Fails: *
Says: write it yourself
"""


def p_norm(X, p, dim=None, keepdim=False):
    return torch.linalg.vector_norm(X, p, dim=dim, keepdim=keepdim)
