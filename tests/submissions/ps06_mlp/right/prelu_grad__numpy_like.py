"""One alpha for every entry, and a masked write."""

def prelu_grad(x, alpha):
    slopes = torch.ones_like(x)
    if not torch.is_tensor(alpha) or alpha.numel() == 1:
        slopes[x <= 0] = float(alpha)
        return slopes
    for c in range(x.shape[1]):
        slopes[:, c][x[:, c] <= 0] = alpha[c]
    return slopes
