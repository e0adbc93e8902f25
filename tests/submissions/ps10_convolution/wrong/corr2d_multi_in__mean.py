"""Averages over the channels.

Fails: equals the definition
Fails: gradients flow back to X and K
"""

def corr2d_multi_in(X, K):
    return sum(corr2d(x, k) for x, k in zip(X, K)) / len(X)
