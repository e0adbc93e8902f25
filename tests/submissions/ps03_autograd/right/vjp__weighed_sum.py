"""The gradient of the weighed sum of y, None made into zeros."""


def vjp(f, x, v):
    z = x.detach().requires_grad_(True)
    s = (f(z) * v).sum()
    g = None
    if s.requires_grad:
        g = torch.autograd.grad(s, [z], allow_unused=True)[0]
    return g if g is not None else torch.zeros(x.shape, dtype=x.dtype, device=x.device)
