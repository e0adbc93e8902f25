"""Row by row, twice torch.autograd.grad."""


def convex_at(f, X, tol=1e-6):
    answers = []
    for row in X:
        x = row.detach().clone().requires_grad_()
        y = f(x)
        H = torch.zeros(len(x), len(x), dtype=x.dtype)
        if y.requires_grad:
            (g,) = torch.autograd.grad(y, x, create_graph=True)
            for i in range(len(x)):
                if g[i].requires_grad:
                    (line,) = torch.autograd.grad(g[i], x, retain_graph=True, allow_unused=True)
                    if line is not None:
                        H[i] = line
        answers.append(bool(torch.linalg.eigvalsh((H + H.T) / 2).min() >= -tol))
    return torch.tensor(answers)
