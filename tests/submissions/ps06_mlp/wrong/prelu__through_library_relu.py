"""Two of PyTorch's ReLUs.

Fails: *
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.relu(x) - alpha * torch.relu(-x)
