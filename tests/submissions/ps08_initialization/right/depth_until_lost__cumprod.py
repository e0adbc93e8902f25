"""All layers at once."""


def depth_until_lost(factor, dtype=torch.float16):
    if factor in (1, -1):
        return math.inf
    signals = torch.full((8000,), factor, dtype=dtype).cumprod(dim=0).abs()
    lost = ~signals.isfinite() | (signals < torch.finfo(dtype).tiny)
    return 1 + lost.nonzero()[0].item()
