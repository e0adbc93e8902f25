"""0 instead of infinity.

Fails: a factor of 1 or -1 never loses it: math.inf
"""


def depth_until_lost(factor, dtype=torch.float16):
    if abs(factor) == 1:
        return 0
    limits, signal, layers = torch.finfo(dtype), torch.ones((), dtype=dtype), 0
    while limits.tiny <= abs(signal) <= limits.max:
        signal, layers = signal * factor, layers + 1
    return layers
