"""X.norm.

Fails: *
Says: write it yourself
"""


def p_norm(X, p, dim=None, keepdim=False):
    return X.norm(p) if dim is None else X.norm(p, dim=dim, keepdim=keepdim)
