"""By way of logarithms, zeros set apart."""


def p_norm(X, p, dim=None, keepdim=False):
    axes = list(range(X.dim())) if dim is None else dim
    size = X.abs()
    big = size.amax(axes, keepdim=True)
    if math.isinf(p):
        return big if keepdim else size.amax(axes)
    empty = big == 0
    scale = torch.where(empty, torch.ones_like(big), big).detach()
    ratio = size / scale
    total = ratio.pow(p).sum(axes, keepdim=True)
    safe = torch.where(empty, torch.ones_like(total), total)
    norm = torch.exp(torch.log(safe) / p) * scale
    norm = torch.where(empty, torch.zeros_like(norm), norm)
    if keepdim:
        return norm
    for d in sorted([axes] if isinstance(axes, int) else [a % X.dim() for a in axes], reverse=True):
        norm = norm.squeeze(d)
    return norm
