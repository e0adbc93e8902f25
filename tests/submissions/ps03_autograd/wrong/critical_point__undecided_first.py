"""Asks for zeros before it asks for both signs.

Fails: knows a saddle by eigenvalues of both signs
Says: 'undecided'
"""


def critical_point(f, x):
    """The Hessian of f at x, and what kind of critical point it makes of x.

    f: takes a tensor (n,), returns one number with a graph. x: (n,) float, n >= 1, a point where the gradient of f is zero.
    Returns: (H (n, n), kind), dtype of x, no graph; kind is "minimum", "maximum", "saddle" or "undecided".
    """
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if g.requires_grad:
        H = torch.stack([torch.autograd.grad(slope, x, retain_graph=True)[0] for slope in g])
    else:
        H = torch.zeros(len(x), len(x), dtype=x.dtype, device=x.device)
    eigenvalues = torch.linalg.eigvalsh(H)
    small = 1e-6 * eigenvalues.abs().max()
    up, down = (eigenvalues > small).any(), (eigenvalues < -small).any()
    if (eigenvalues.abs() <= small).any():
        return H, "undecided"
    return H, "saddle" if up and down else "minimum" if up else "maximum"
