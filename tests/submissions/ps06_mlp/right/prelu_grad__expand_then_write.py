"""alpha in the shape of x, then ones written into a copy."""

def prelu_grad(x, alpha):
    alpha = torch.as_tensor(alpha, dtype=x.dtype, device=x.device)
    if alpha.numel() > 1:
        alpha = alpha.reshape(1, -1, *[1] * (x.ndim - 2))
    D = alpha.expand_as(x).clone() if alpha.numel() > 1 else torch.full_like(x, alpha.item())
    D[x > 0] = 1
    return D
