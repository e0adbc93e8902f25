"""Normalises the kernels in place.

Fails: equals the definition
Fails: gradients flow back to X and K
Fails: X and K are left as they were
"""

def corr2d_multi_in_out(X, K):
    K.data -= K.data.mean()
    return torch.stack([corr2d_multi_in(X, k) for k in K])
