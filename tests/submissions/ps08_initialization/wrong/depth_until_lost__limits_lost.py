"""tiny and max themselves count as lost.

Fails: float16: counts until a growing signal is infinite
Says: exactly finfo.tiny or finfo.max counts as lost
"""


def depth_until_lost(factor, dtype=torch.float16):
    if abs(factor) == 1:
        return math.inf
    s, n, lim = torch.ones((), dtype=dtype), 0, torch.finfo(dtype)
    while lim.tiny < abs(s) < lim.max:
        s = s * factor
        n += 1
    return n
