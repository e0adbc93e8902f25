"""The determinant test, which is for two entries.

Fails: knows a saddle by eigenvalues of both signs
Fails: tells a minimum from a maximum
Fails: says undecided where an eigenvalue is zero and the others have one sign
May fail: keeps the dtype, and takes an x in any memory order
May fail: leaves x and x.grad as they were, and gives plain numbers without a graph
May fail: gives the same when it is called again, and leaves the program as it was
"""


def critical_point(f, x):
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return torch.zeros(len(x), len(x), dtype=x.dtype), "undecided"
    H = torch.stack([torch.autograd.grad(g[i], x, retain_graph=True, materialize_grads=True)[0] for i in range(len(x))])
    det = torch.linalg.det(H)
    if det.abs() < 1e-9:
        return H, "undecided"
    if det < 0:
        return H, "saddle"
    return H, "minimum" if H[0, 0] > 0 else "maximum"
