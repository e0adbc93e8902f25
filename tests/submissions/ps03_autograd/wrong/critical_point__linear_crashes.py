"""A linear f is an error.

Fails: H is all zeros where f is linear
Fails: says undecided where an eigenvalue is zero and the others have one sign
"""


def critical_point(f, x):
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    H = torch.stack([torch.autograd.grad(g[i], x, retain_graph=True)[0] for i in range(len(x))])
    w = torch.linalg.eigvalsh(H)
    small = 1e-6 * w.abs().max()
    if (w > small).any() and (w < -small).any():
        return H, "saddle"
    if (w.abs() <= small).any():
        return H, "undecided"
    return H, "minimum" if w[0] > 0 else "maximum"
