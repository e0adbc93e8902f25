"""m + alpha (1 - m)."""

def prelu_grad(x, alpha):
    m = (x > 0).to(x.dtype)
    if isinstance(alpha, torch.Tensor) and alpha.dim() == 1:
        alpha = alpha.view([-1] + [1] * (x.dim() - 2))
    return m + alpha * (1 - m)
