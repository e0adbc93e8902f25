"""The largest size of all of X: small slices underflow.

Fails: right for entries as large as 1e30 and as small as 1e-30
"""


def p_norm(X, p, dim=None, keepdim=False):
    dim = tuple(range(X.ndim)) if dim is None else dim
    size = X.abs()
    if p == math.inf:
        return size.amax(dim=dim, keepdim=keepdim)
    m = size.max().detach()
    total = ((size / m) ** p).sum(dim=dim, keepdim=True)
    zero = size.amax(dim=dim, keepdim=True) == 0
    result = (total.masked_fill(zero, 1) ** (1 / p) * m).masked_fill(zero, 0)
    return result if keepdim else result.sum(dim=dim)
