"""One vector-Jacobian product for each unit vector."""


def jacobian(f, x):
    rows = []
    m = len(f(x.detach()))
    for e in torch.eye(m, dtype=x.dtype, device=x.device):
        z = x.detach().requires_grad_()
        y = f(z)
        g = torch.autograd.grad(y, z, e, allow_unused=True)[0] if y.requires_grad else None
        rows.append(torch.zeros_like(x) if g is None else g)
    return torch.stack(rows).detach()
