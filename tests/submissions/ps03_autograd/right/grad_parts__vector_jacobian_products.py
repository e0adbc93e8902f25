"""Each part is a vector-Jacobian product with the other factor."""


def grad_parts(f, g, x):
    x = x.detach().requires_grad_(True)
    u, w = f(x), g(x)
    parts = []
    for moving, held in [(u, w), (w, u)]:
        if moving.requires_grad:
            parts.append(torch.autograd.grad(moving, x, held.detach(), retain_graph=True, allow_unused=True)[0])
        else:
            parts.append(torch.zeros_like(x).detach())
    return parts
