"""The norm of the norms, copy_ in place, clamp for the factor, a little number against 0."""

@torch.no_grad()
def grad_clipping(params, theta):
    norms = []
    for p in params:
        if p.grad is None:
            continue
        norms.append(p.grad.norm(2))
    total = torch.stack(norms).norm(2)
    scale = torch.clamp(theta / (total + 1e-6), max=1.0)
    for p in params:
        if p.grad is not None:
            p.grad.copy_(p.grad * scale)
    return total
