"""Rows by index, counts of the signs."""


def critical_point(f, x):
    x = x.clone().detach().requires_grad_(True)
    n = x.shape[0]
    g = torch.autograd.grad(f(x), x, create_graph=True)[0]
    H = torch.zeros((n, n), dtype=x.dtype, device=x.device)
    for i in range(n):
        if g[i].requires_grad:
            row = torch.autograd.grad(g[i], x, retain_graph=True, allow_unused=True)[0]
            if row is not None:
                H[i] = row
    lam = torch.linalg.eigvalsh(H).tolist()
    small = 1e-6 * max(abs(v) for v in lam)
    plus = sum(v > small for v in lam)
    minus = sum(v < -small for v in lam)
    if plus > 0 and minus > 0:
        kind = "saddle"
    elif plus == n:
        kind = "minimum"
    elif minus == n:
        kind = "maximum"
    else:
        kind = "undecided"
    return H, kind
