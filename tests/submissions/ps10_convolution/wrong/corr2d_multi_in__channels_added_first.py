"""Adds up the channels before the cross-correlation.

Fails: equals the definition
Fails: gradients flow back to X and K
"""

def corr2d_multi_in(X, K):
    return corr2d(X.sum(0), K.sum(0))
