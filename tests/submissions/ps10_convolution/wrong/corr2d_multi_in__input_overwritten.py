"""Multiplies the kernel into X.

Fails: equals the definition
Fails: gradients flow back to X and K
Fails: X and K are left as they were
"""

def corr2d_multi_in(X, K):
    for c in range(len(X)):
        X[c] = X[c] * K[c].sum()
    return sum(corr2d(x, k) for x, k in zip(X, K))
