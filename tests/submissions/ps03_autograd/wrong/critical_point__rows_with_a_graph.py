"""Every row of H is made with create_graph=True.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Says: carries a graph
"""


def critical_point(f, x):
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if g.requires_grad:
        H = torch.stack([torch.autograd.grad(slope, x, create_graph=True, materialize_grads=True)[0] for slope in g])
    else:
        H = torch.zeros(len(x), len(x), dtype=x.dtype)
    eigenvalues = torch.linalg.eigvalsh(H)
    small = 1e-6 * eigenvalues.abs().max()
    up, down = (eigenvalues > small).any(), (eigenvalues < -small).any()
    if up and down:
        return H, "saddle"
    if (eigenvalues.abs() <= small).any():
        return H, "undecided"
    return H, "minimum" if up else "maximum"
