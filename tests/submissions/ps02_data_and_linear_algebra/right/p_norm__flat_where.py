"""The scale carries its gradient; where on both sides of the root."""


def p_norm(X, p, dim=None, keepdim=False):
    d = list(range(X.ndim)) if dim is None else ([dim] if isinstance(dim, int) else list(dim))
    a = torch.abs(X)
    m = torch.amax(a, d, keepdim=True)
    if p == math.inf:
        return m if keepdim else torch.amax(a, d)
    ok = m > 0
    s = torch.where(ok, m, torch.ones_like(m))
    t = torch.sum((a / s) ** p, d, keepdim=True)
    r = torch.where(ok, torch.where(ok, t, torch.ones_like(t)) ** (1 / p) * s, torch.zeros_like(t))
    return r if keepdim else r.sum(d)
