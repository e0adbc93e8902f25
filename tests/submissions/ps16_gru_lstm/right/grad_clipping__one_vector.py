"""All gradients laid end to end, one norm, mul_ in place; the factor is at most 1."""

def grad_clipping(params, theta):
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.linalg.norm(torch.cat([g.reshape(-1) for g in grads]))
    factor = min(1.0, theta / max(norm.item(), 1e-12))
    for g in grads:
        g.mul_(factor)
    return norm.item()
