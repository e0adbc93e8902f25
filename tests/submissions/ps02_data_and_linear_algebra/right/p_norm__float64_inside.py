"""float64 inside, where 1e30 squared is no trouble; up to p = 10."""


def p_norm(X, p, dim=None, keepdim=False):
    axes = tuple(range(X.ndim)) if dim is None else dim
    wide = X.double().abs()
    m = wide.amax(dim=axes, keepdim=True)
    if p == float("inf"):
        out = m
    else:
        nothing = m == 0
        s = torch.where(nothing, torch.ones_like(m), m)
        out = s * (wide / s).masked_fill(nothing, 1.0).pow(p).sum(axes, keepdim=True).pow(1.0 / p)
        out = out.masked_fill(nothing, 0.0)
    if not keepdim:
        out = out.sum(axes)
    return out.to(X.dtype)
