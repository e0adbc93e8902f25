"""The limits of float16 for every dtype.

Fails: each dtype has limits of its own
Fails: gives the same when it is called again, and leaves the program as it was
Says: the limits of float16
"""


def depth_until_lost(factor, dtype=torch.float16):
    if abs(factor) == 1:
        return math.inf
    limits, signal, layers = torch.finfo(torch.float16), 1.0, 0
    while limits.tiny <= abs(signal) <= limits.max:
        signal, layers = signal * factor, layers + 1
    return layers
