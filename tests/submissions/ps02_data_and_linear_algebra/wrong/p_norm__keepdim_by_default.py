"""keepdim=True in the signature.

Fails: dim and keepdim may be left out
"""


def p_norm(X, p, dim=None, keepdim=True):
    dim = tuple(range(X.ndim)) if dim is None else dim
    size = X.abs()
    m = size.amax(dim=dim, keepdim=True)
    if p == math.inf:
        return m if keepdim else m.sum(dim=dim)
    m = m.detach()
    zero = m == 0
    total = ((size / m.masked_fill(zero, 1)) ** p).sum(dim=dim, keepdim=True).masked_fill(zero, 1)
    result = (total ** (1 / p) * m).masked_fill(zero, 0)
    return result if keepdim else result.sum(dim=dim)
