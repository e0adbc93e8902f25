"""A gradient without a graph stops it.

Fails: zero curvature is convex: linear functions, directions that do not matter, log-sum-exp
"""


def convex_at(f, X, tol=1e-6):
    answers = []
    for row in X:
        x = row.detach().clone().requires_grad_()
        (g,) = torch.autograd.grad(f(x), x, create_graph=True)
        H = torch.stack([torch.autograd.grad(slope, x, retain_graph=True)[0] for slope in g])
        answers.append(torch.linalg.eigvalsh(H)[0] >= -tol)
    return torch.stack(answers)
