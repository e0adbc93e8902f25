"""where after the root is too late.

Fails: a slice of zeros has the norm 0 and the gradient 0, never NaN
"""


def p_norm(X, p, dim=None, keepdim=False):
    dim = tuple(range(X.ndim)) if dim is None else dim
    size = X.abs()
    m = size.amax(dim=dim, keepdim=True)
    if p == math.inf:
        return m if keepdim else m.sum(dim=dim)
    scale = torch.where(m == 0, torch.ones_like(m), m).detach()
    result = ((size / scale) ** p).sum(dim=dim, keepdim=True) ** (1 / p) * scale
    result = torch.where(m == 0, torch.zeros_like(result), result)
    return result if keepdim else result.sum(dim=dim)
