"""Counts zero as positive.

Fails: says undecided where an eigenvalue is zero and the others have one sign
May fail: knows a saddle by eigenvalues of both signs
"""


def critical_point(f, x):
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    H = torch.zeros(len(x), len(x), dtype=x.dtype)
    if g.requires_grad:
        H = torch.stack([torch.autograd.grad(g[i], x, retain_graph=True, materialize_grads=True)[0] for i in range(len(x))])
    w = torch.linalg.eigvalsh(H)
    if (w >= 0).all():
        return H, "minimum"
    return H, "maximum" if (w <= 0).all() else "saddle"
