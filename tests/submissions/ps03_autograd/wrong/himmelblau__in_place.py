"""Squares in the caller's tensor.

Fails: leaves its inputs unchanged
"""


def himmelblau(x):
    a, b = x[0], x[1]
    out = (a ** 2 + b - 11) ** 2 + (a + b ** 2 - 7) ** 2
    if isinstance(x, torch.Tensor) and not x.requires_grad:
        x *= x
    return out
