"""H carries a graph.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Says: carries a graph
"""


def critical_point(f, x):
    """The Hessian of f at x, and what kind of critical point it makes of x.

    f: takes a tensor (n,), returns one number with a graph. x: (n,) float, n >= 1, a point where the gradient of f is zero.
    Returns: (H (n, n), kind), dtype of x, no graph; kind is "minimum", "maximum", "saddle" or "undecided".
    """
    x = x.detach().requires_grad_()
    inner = f
    f = lambda z: inner(z) + 0 * (z * z * z).sum()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if g.requires_grad:
        H = torch.stack([torch.autograd.grad(slope, x, create_graph=True)[0] for slope in g])
    else:
        H = torch.zeros(len(x), len(x), dtype=x.dtype, device=x.device)
    eigenvalues = torch.linalg.eigvalsh(H)
    small = 1e-6 * eigenvalues.abs().max()
    up, down = (eigenvalues > small).any(), (eigenvalues < -small).any()
    if up and down:
        return H, "saddle"
    if (eigenvalues.abs() <= small).any():
        return H, "undecided"
    return H, "minimum" if up else "maximum"
