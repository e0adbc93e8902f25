"""Normalises the kernels in place.

Fails: *
"""

def corr2d_multi_in_out(X, K):
    K.data -= K.data.mean()
    return torch.stack([corr2d_multi_in(X, k) for k in K])
