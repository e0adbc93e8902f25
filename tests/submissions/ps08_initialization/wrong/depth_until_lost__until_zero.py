"""Waits until the signal is exactly 0.

Fails: float16: counts until a shrinking signal is below the smallest normal number
Fails: each dtype has limits of its own
Fails: a negative factor is lost at the same depth
Fails: float16 is the default
Fails: gives the same when it is called again, and leaves the program as it was
Says: exactly 0
"""


def depth_until_lost(factor, dtype=torch.float16):
    if abs(factor) == 1:
        return math.inf
    signal, layers = torch.ones((), dtype=dtype), 0
    while signal != 0 and torch.isfinite(signal):
        signal, layers = signal * factor, layers + 1
    return layers
