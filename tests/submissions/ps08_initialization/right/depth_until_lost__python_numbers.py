"""Python's numbers, with the limits of the dtype."""


def depth_until_lost(factor, dtype=torch.float16):
    info, value = torch.finfo(dtype), 1.0
    for layer in range(1, 10**6):
        value *= abs(factor)
        if value > info.max or value < info.tiny:
            return layer
    return math.inf
