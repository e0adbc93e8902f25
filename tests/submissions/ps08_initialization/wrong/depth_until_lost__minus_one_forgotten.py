"""Only a factor of 1 is looked for; -1 ends after a hundred thousand layers.

Fails: a factor of 1 or -1 never loses it: math.inf
"""


def depth_until_lost(factor, dtype=torch.float16):
    if factor == 1:
        return math.inf
    limits, signal, layers = torch.finfo(dtype), torch.ones((), dtype=dtype), 0
    while limits.tiny <= abs(signal) <= limits.max and layers < 100000:
        signal, layers = signal * factor, layers + 1
    return layers
