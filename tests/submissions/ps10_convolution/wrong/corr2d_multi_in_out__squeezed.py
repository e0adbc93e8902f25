"""Drops the channel dimension when there is one channel.

Fails: equals the definition
"""

def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K]).squeeze(0)
