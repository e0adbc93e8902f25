"""The largest column sum for the 1-norm of all of a matrix.

Fails: along any dimensions, along all of them, and with keepdim
"""


def p_norm(X, p, dim=None, keepdim=False):
    size = X.abs()
    if p == 1 and dim is None and X.ndim == 2:
        result = size.sum(dim=0).max()
        return result.reshape(1, 1) if keepdim else result
    dim = tuple(range(X.ndim)) if dim is None else dim
    m = size.amax(dim=dim, keepdim=True)
    if p == math.inf:
        return m if keepdim else m.sum(dim=dim)
    m = m.detach()
    zero = m == 0
    total = ((size / m.masked_fill(zero, 1)) ** p).sum(dim=dim, keepdim=True).masked_fill(zero, 1)
    result = (total ** (1 / p) * m).masked_fill(zero, 0)
    return result if keepdim else result.sum(dim=dim)
