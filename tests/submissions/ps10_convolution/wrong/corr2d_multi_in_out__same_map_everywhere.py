"""Every output channel is the first.

Fails: equals the definition
Says: every output channel is made with the first kernel
"""

def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, K[0]) for k in K])
