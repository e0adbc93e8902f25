"""Another default than the one that was given.

Fails: float16 is the default
"""


def depth_until_lost(factor, dtype=torch.float32):
    if abs(factor) == 1:
        return math.inf
    limits, signal, layers = torch.finfo(dtype), torch.ones((), dtype=dtype), 0
    while limits.tiny <= abs(signal) <= limits.max:
        signal, layers = signal * factor, layers + 1
    return layers
