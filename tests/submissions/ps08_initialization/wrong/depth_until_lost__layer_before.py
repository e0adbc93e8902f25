"""The last layer at which the signal is still there.

Fails: float16: counts until a growing signal is infinite
Fails: float16: counts until a shrinking signal is below the smallest normal number
Fails: each dtype has limits of its own
Fails: a negative factor is lost at the same depth
Fails: float16 is the default
Fails: gives the same when it is called again, and leaves the program as it was
Says: the layer before
"""


def depth_until_lost(factor, dtype=torch.float16):
    if abs(factor) == 1:
        return math.inf
    limits, signal, layers = torch.finfo(dtype), torch.ones((), dtype=dtype), 0
    while limits.tiny <= abs(signal) <= limits.max:
        signal, layers = signal * factor, layers + 1
    return layers - 1
