"""Uses the first channel's kernel for all.

Fails: equals the definition
Fails: gradients flow back to X and K
"""

def corr2d_multi_in(X, K):
    return sum(corr2d(x, K[0]) for x in X)
