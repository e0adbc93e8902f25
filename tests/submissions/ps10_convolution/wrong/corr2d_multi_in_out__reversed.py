"""The output channels in reverse.

Fails: equals the definition
Says: the output channels come in the opposite order
"""

def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K]).flip(0)
