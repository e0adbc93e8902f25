"""backward() with a graph of the gradient, on a leaf of its own."""


def critical_point(f, x):
    leaf = x.detach().clone().requires_grad_()
    rows = []
    for i in range(len(leaf)):
        leaf.grad = None
        y = f(leaf)
        (g,) = torch.autograd.grad(y, leaf, create_graph=True)
        if g.grad_fn is not None:
            g[i].backward()
        rows.append(torch.zeros_like(x).detach() if leaf.grad is None else leaf.grad.clone())
    H = torch.stack(rows)
    w = torch.linalg.eigh(H).eigenvalues
    s = 1e-6 * w.abs().max()
    signs = torch.where(w.abs() <= s, 0, w.sign())
    if signs.max() == 1 and signs.min() == -1:
        return (H, "saddle")
    if (signs == 0).any():
        return (H, "undecided")
    return (H, "minimum") if signs[0] == 1 else (H, "maximum")
