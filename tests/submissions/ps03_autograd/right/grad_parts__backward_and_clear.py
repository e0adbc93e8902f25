"""backward() twice, x.grad cleared in between."""


def grad_parts(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    first = f(leaf) * g(leaf).detach()
    if first.requires_grad:
        first.sum().backward()
    through_f = leaf.grad.clone() if leaf.grad is not None else torch.zeros_like(x)
    leaf.grad = None
    with torch.no_grad():
        held = f(leaf)
    second = held * g(leaf)
    if second.requires_grad:
        second.sum().backward()
    through_g = leaf.grad.clone() if leaf.grad is not None else torch.zeros_like(x)
    return through_f.detach(), through_g.detach()
