"""Drops the channel dimension when there is one channel.

Fails: equals the definition
Says: dimension 0 of the result is dropped where there is one output channel
"""

def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K]).squeeze(0)
