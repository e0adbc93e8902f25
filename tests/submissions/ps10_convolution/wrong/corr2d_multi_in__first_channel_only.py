"""Looks at the first channel only.

Fails: equals the definition
Fails: gradients flow back to X and K
"""

def corr2d_multi_in(X, K):
    return corr2d(X[0], K[0])
