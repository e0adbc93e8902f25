"""Keeps the first kind.

Fails: tells a minimum from a maximum
Fails: says undecided where an eigenvalue is zero and the others have one sign
May fail: knows a saddle by eigenvalues of both signs
May fail: gives the same when it is called again, and leaves the program as it was
May fail: keeps the dtype, and takes an x in any memory order
May fail: leaves x and x.grad as they were, and gives plain numbers without a graph
May fail: H holds all second derivatives, mixed ones as well
May fail: H is all zeros where f is linear
"""


_kinds = []


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
    if up and down:
        kind = "saddle"
    elif (eigenvalues.abs() <= small).any():
        kind = "undecided"
    else:
        kind = "minimum" if up else "maximum"
    _kinds.append(kind)
    return H, _kinds[0]
