"""A loop that breaks, a tensor for the factor too, and float('inf')."""


def depth_until_lost(factor, dtype=torch.float16):
    if factor in (1, -1):
        return float("inf")
    f = torch.tensor(factor, dtype=dtype)
    h = torch.tensor(1, dtype=dtype)
    n = 0
    while True:
        h = h * f
        n += 1
        if not torch.isfinite(h) or h.abs() < torch.finfo(dtype).smallest_normal:
            break
    return n
