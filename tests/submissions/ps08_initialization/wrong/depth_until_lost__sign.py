"""The signal, and not its size, is compared with the limits.

Fails: a negative factor is lost at the same depth
Says: a negative signal is not a small one
"""


def depth_until_lost(factor, dtype=torch.float16):
    if abs(factor) == 1:
        return math.inf
    limits, signal, layers = torch.finfo(dtype), torch.ones((), dtype=dtype), 0
    while limits.tiny <= signal <= limits.max:
        signal, layers = signal * factor, layers + 1
    return layers
