"""The logarithms, rounded up instead of down plus one: an exact power is a layer early.

Fails: float16: counts until a growing signal is infinite
Fails: float16: counts until a shrinking signal is below the smallest normal number
Fails: a negative factor is lost at the same depth
May fail: each dtype has limits of its own
"""


def depth_until_lost(factor, dtype=torch.float16):
    if abs(factor) == 1:
        return math.inf
    limits = torch.finfo(dtype)
    limit = limits.max if abs(factor) > 1 else limits.tiny
    return math.ceil(math.log(limit) / math.log(abs(factor)))
