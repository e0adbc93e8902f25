"""where on the sum; a tuple of axes."""


def shares(A, axis):
    axes = tuple(axis) if isinstance(axis, (list, tuple)) else (axis,)
    s = A.sum(dim=axes, keepdim=True)
    s = torch.where(s == 0, torch.ones_like(s), s)
    return A / s
