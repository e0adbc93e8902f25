"""A factor of 1 or alpha."""

def prelu(x, alpha):
    alpha = torch.as_tensor(alpha, dtype=x.dtype, device=x.device)
    if alpha.ndim == 1 and len(alpha) > 1:
        shape = [1] * x.ndim
        shape[1] = len(alpha)
        alpha = alpha.reshape(shape)
    mask = (x > 0).to(x.dtype)
    return x * (mask + alpha * (1 - mask))
