"""Waits until the signal is exactly 0, which rounding may put off for ever.

Fails: float16: counts until a shrinking signal is below the smallest normal number
Fails: each dtype has limits of its own
Fails: a negative factor is lost at the same depth
Fails: float16 is the default
Fails: gives the same when it is called again, and leaves the program as it was
"""


def depth_until_lost(factor, dtype=torch.float16):
    signal = torch.ones((), dtype=dtype)
    for layer in range(1, 10000):
        signal = signal * factor
        if signal == 0 or not torch.isfinite(signal):
            return layer
    return math.inf
