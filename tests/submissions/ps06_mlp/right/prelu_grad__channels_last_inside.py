"""Moves the channels to the end and back."""

def prelu_grad(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.numel() > 1:
        moved = x.transpose(1, -1)
        return torch.where(moved > 0, torch.ones_like(moved), alpha).transpose(1, -1)
    return torch.where(x > 0, 1.0, alpha).to(x.dtype)
