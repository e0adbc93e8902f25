"""Factor in the dtype; a signal that stands still is never lost."""


def depth_until_lost(factor, dtype=torch.float16):
    limits = torch.finfo(dtype)
    signal, factor, depth = torch.ones(1, dtype=dtype), torch.tensor([factor], dtype=dtype), 0
    while True:
        new = torch.mul(signal, factor)
        depth += 1
        if new.isinf().item() or new.isnan().item() or new.abs().item() < limits.smallest_normal:
            return depth
        if new.abs().equal(signal.abs()):  # it stands still, so it never gets lost
            return float("inf")
        signal = new
