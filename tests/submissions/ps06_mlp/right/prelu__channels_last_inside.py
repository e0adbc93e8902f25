"""Moves the channels to the end and back."""

def prelu(x, alpha):
    if not isinstance(alpha, torch.Tensor) or alpha.numel() == 1:
        return torch.where(x > 0, x, alpha * x)
    moved = x.movedim(1, -1)
    return torch.where(moved > 0, moved, alpha * moved).movedim(-1, 1)
