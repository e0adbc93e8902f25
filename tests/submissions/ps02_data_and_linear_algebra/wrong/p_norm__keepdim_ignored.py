"""keepdim is not looked at.

Fails: along any dimensions, along all of them, and with keepdim
Fails: right for entries as large as 1e30 and as small as 1e-30
Fails: gives the same when it is called again, and leaves the program as it was
May fail: p = ∞ gives the largest size
"""


def p_norm(X, p, dim=None, keepdim=False):
    dim = tuple(range(X.ndim)) if dim is None else dim
    size = X.abs()
    if p == math.inf:
        return size.amax(dim=dim)
    m = size.amax(dim=dim, keepdim=True).detach()
    zero = m == 0
    total = ((size / m.masked_fill(zero, 1)) ** p).sum(dim=dim, keepdim=True).masked_fill(zero, 1)
    return ((total ** (1 / p) * m).masked_fill(zero, 0)).sum(dim=dim)
