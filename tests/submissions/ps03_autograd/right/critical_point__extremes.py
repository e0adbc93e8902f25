"""Looks at the smallest and the largest eigenvalue only, of a symmetrised H."""


def critical_point(f, x):
    z = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(z), z, create_graph=True)
    H = z.detach().new_zeros(len(z), len(z))
    if g.requires_grad:
        (H,) = torch.autograd.grad(g, z, torch.eye(len(z), dtype=z.dtype), is_grads_batched=True, materialize_grads=True)
    lam = torch.linalg.eigvalsh((H + H.T) / 2)
    low, high = lam[0].item(), lam[-1].item()
    small = 1e-6 * max(abs(low), abs(high))
    if low < -small and high > small:
        return H, "saddle"
    if low > small:
        return H, "minimum"
    if high < -small:
        return H, "maximum"
    return H, "undecided"
