"""Sees two steps back and no more.

Fails: step t sees the steps 0 to t, itself included, and none later
"""

def causal_mask(T):
    t = torch.arange(T)
    return (t[None, :] <= t[:, None]) & (t[None, :] >= t[:, None] - 2)
