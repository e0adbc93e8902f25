"""p is not looked at.

Fails: the p-th root of the sum of |x| to the power p, along one dimension
Says: p is taken for 2
May fail: along any dimensions, along all of them, and with keepdim
May fail: p = ∞ gives the largest size
May fail: right for entries as large as 1e30 and as small as 1e-30
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients are right
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
May fail: a slice of zeros has the norm 0 and the gradient 0, never NaN
"""


def p_norm(X, p, dim=None, keepdim=False):
    dim = tuple(range(X.ndim)) if dim is None else dim
    size = X.abs()
    m = size.amax(dim=dim, keepdim=True).detach()
    zero = m == 0
    total = ((size / m.masked_fill(zero, 1)) ** 2).sum(dim=dim, keepdim=True).masked_fill(zero, 1)
    result = (total ** 0.5 * m).masked_fill(zero, 0)
    return result if keepdim else result.sum(dim=dim)
